using System.Globalization;
using System.Text.Json;

namespace UniPT.Backbones.Media;

/// <summary>
/// A film: a file of any format that the system's <c>ffmpeg</c> reads, or a folder of pictures, which are its frames in the order of their names, one for each that
/// would be taken of a file.
/// </summary>
public sealed record VideoFile
{
    // What libavformat's av_guess_frame_rate takes for a wrong rate, where the mean says another.
    private const double OddRate = 210;
    private const double PlainRate = 70;
    private const double MaxRate = 1_000;
    private static readonly string[] Pictures = [".png", ".jpg", ".jpeg", ".webp", ".bmp"];

    /// <summary>The file, or the folder.</summary>
    public required string Path { get; init; }

    /// <summary>Frames a second as a fraction, such as <c>30000/1001</c>; null for a folder.</summary>
    public string? Rate { get; init; }

    /// <summary>How many frames there are at that rate; of some formats an estimate.</summary>
    public required int Frames { get; init; }

    /// <summary>Looks at a film without decoding it.</summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="UserException">It is not there, is no film, or has no frames; or <c>ffprobe</c>, which looks at files, is not there.</exception>
    public static VideoFile Open(string path, CancellationToken cancellation = default)
    {
        if (Directory.Exists(path))
        {
            int frames = PicturesIn(path).Length;
            return frames > 0 ? new VideoFile { Path = path, Frames = frames } : throw new UserException($"{path} is a folder without pictures; as a film it needs one at least.");
        }

        if (!File.Exists(path))
        {
            throw new UserException($"{path} does not exist; a film or a folder of pictures was expected.");
        }

        string[] arguments =
        [
            "-v", "error", "-protocol_whitelist", "file", "-count_packets", "-select_streams", "v:0",
            "-show_entries", "stream=nb_read_packets,r_frame_rate,avg_frame_rate,duration:format=duration", "-of", "json", Source(path),
        ];
        byte[] answer = VideoProgram.Run("ffprobe", arguments, path, stream => (All(stream), false), cancellation: cancellation);
        return Of(path, answer);
    }

    /// <summary>The program that decodes films, with the one that looks at them beside it; null where either is missing.</summary>
    public static string? Decoder => VideoProgram.Find("ffprobe") is null ? null : VideoProgram.Find("ffmpeg");

    /// <summary>Checks that films can be read here at all; folders of pictures need no program.</summary>
    /// <exception cref="UserException"><c>ffmpeg</c> or <c>ffprobe</c> is not on the PATH.</exception>
    public static void RequirePrograms()
    {
        foreach (string program in (string[])["ffmpeg", "ffprobe"])
        {
            VideoProgram.Require(program);
        }
    }

    /// <summary>How many frames a sampling takes of it, before it chooses among them.</summary>
    public int Taken(VideoSampling sampling)
    {
        if (Rate is null)
        {
            return Frames;
        }

        (int second, int step, int each) = Steps(sampling);
        return (Frames / second * each) + Math.Min(each, ((Frames % second) + step - 1) / step);
    }

    /// <summary>Decodes the frames that a sampling keeps, in their order. A film that ends early gives those that were there.</summary>
    /// <param name="sampling">Which.</param>
    /// <param name="use">What becomes of each, so that they are not all in memory in full size.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>One at least.</returns>
    /// <exception cref="UserException">It cannot be read, or no frame of it can be decoded; or <c>ffmpeg</c> is not there.</exception>
    public IReadOnlyList<T> Read<T>(VideoSampling sampling, Func<RgbImage, T> use, CancellationToken cancellation = default)
    {
        if (Rate is null)
        {
            string[] pictures = PicturesIn(Path);
            return pictures.Length > 0 ? [.. sampling.Of(pictures.Length).Select(i => use(ImageDecoder.Read(pictures[i])))] : throw Empty();
        }

        int expected = Taken(sampling);
        (IReadOnlyList<T> kept, int taken) = Decode(sampling, expected, use, cancellation);
        if (taken != expected && sampling.Choice != FrameChoice.Head && taken > sampling.Most)
        {
            // The estimate was wrong, and with it which frames are evenly spaced.
            (kept, _) = Decode(sampling, taken, use, cancellation);
        }

        return kept.Count > 0 ? kept : throw Empty();
    }

    private UserException Empty() => new($"{Path} has no frame that can be decoded.");

    private static VideoFile Of(string path, byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (!document.RootElement.TryGetProperty("streams", out JsonElement streams) || streams.GetArrayLength() == 0)
            {
                throw new UserException($"{path} has no pictures: ffprobe finds no video in it.");
            }

            JsonElement stream = streams[0];
            (string Text, double Value) nominal = RateOf(stream, "r_frame_rate");
            (string Text, double Value) mean = RateOf(stream, "avg_frame_rate");
            (string Text, double Value) rate = nominal.Value == 0 || (nominal.Value > OddRate && mean.Value is > 0 and < PlainRate) ? mean : nominal;
            double packets = NumberOf(stream, "nb_read_packets") ?? 0;
            double? seconds = NumberOf(stream, "duration") ?? (document.RootElement.TryGetProperty("format", out JsonElement format) ? NumberOf(format, "duration") : null);

            // Of a film whose frames come irregularly those that are shown at a regular rate.
            double frames = rate == mean || seconds is null || packets == 0 ? packets : Math.Max(1, Math.Round(seconds.Value * rate.Value));
            return frames is >= 1 and < int.MaxValue && rate.Value is > 0 and <= MaxRate
                ? new VideoFile { Path = path, Rate = rate.Text, Frames = (int)frames }
                : throw new UserException($"{path} has no frames: ffprobe counts {packets.ToString(CultureInfo.InvariantCulture)} at {rate.Text} a second.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UserException($"{path} cannot be read: what ffprobe says of it is not understood.", error);
        }
    }

    /// <summary>Some of the frames that are taken, as if there were <paramref name="expected"/> of them, and how many there were.</summary>
    private (IReadOnlyList<T> Kept, int Taken) Decode<T>(VideoSampling sampling, int expected, Func<RgbImage, T> use, CancellationToken cancellation)
    {
        var kept = new Queue<T>();
        int taken = 0;
        int[] wanted = sampling.Of(expected);
        VideoProgram.Run("ffmpeg", Arguments(sampling), Path, stream =>
        {
            var frames = new PortablePixmaps(stream, Path);
            kept.Clear();
            taken = 0;
            while (frames.Next() is { } frame)
            {
                if (sampling.Choice == FrameChoice.Tail || Array.BinarySearch(wanted, taken) >= 0)
                {
                    kept.Enqueue(use(frame));
                }

                taken++;
                if (kept.Count > sampling.Most)
                {
                    kept.Dequeue();
                }

                if (sampling.Choice == FrameChoice.Head && kept.Count == sampling.Most)
                {
                    return (true, true);
                }
            }

            return (true, false);
        }, cancellation: cancellation);
        return ([.. kept], taken);
    }

    private string[] Arguments(VideoSampling sampling)
    {
        // The frames of a regular rate, of which some are taken by their number; then numbered anew, so that nothing after it drops or repeats one.
        (int second, int step, int each) = Steps(sampling);
        string filter = string.Create(CultureInfo.InvariantCulture, $"fps={Rate},select='not(mod(mod(n\\,{second})\\,{step}))*lt(mod(n\\,{second})\\,{step * each})',setpts=N/TB");
        return
        [
            "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-threads", "1", "-i", Source(Path), "-map", "0:v:0", "-an", "-sn", "-dn",
            "-vf", filter, "-r", "1", "-f", "image2pipe", "-c:v", "ppm", "pipe:1",
        ];
    }

    /// <summary>Frames of a whole second, from one frame that is taken to the next, and how many are taken of a second: CLIP4Clip's, which cuts the rate to a whole number.</summary>
    private (int Second, int Step, int Each) Steps(VideoSampling sampling)
    {
        int second = Math.Max(1, (int)ValueOf(Rate!));
        return (second, Math.Max(1, second / sampling.PerSecond), Math.Min(second, sampling.PerSecond));
    }

    // Not a name that could be an option or a protocol.
    private static string Source(string path) => $"file:{System.IO.Path.GetFullPath(path)}";

    private static string[] PicturesIn(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(file => Pictures.Contains(System.IO.Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];

    private static byte[] All(Stream stream)
    {
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    private static (string Text, double Value) RateOf(JsonElement stream, string name) =>
        stream.TryGetProperty(name, out JsonElement rate) && rate.GetString() is { } text ? (text, ValueOf(text)) : ("0/0", 0);

    /// <summary>The value of a fraction, 0 where it is none.</summary>
    private static double ValueOf(string fraction)
    {
        string[] parts = fraction.Split('/');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int above)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int below) && below > 0
            ? above / (double)below
            : 0;
    }

    private static double? NumberOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) && number >= 0
            ? number
            : null;
}
