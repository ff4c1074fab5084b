using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using UniPT.Backbones.Clip;
using UniPT.Testing.World;
using UniPT.Torch;

namespace UniPT.Testing.Published;

/// <summary>In which format films and captions are written.</summary>
public enum VideoLayout
{
    /// <summary>MSR-VTT's: CSV lists, captions in JSON, one sentence for each film of test.</summary>
    MsrVtt,

    /// <summary>MSVD's: lists of ids, captions in a pickle, several for each film.</summary>
    Msvd,

    /// <summary>A table of a user's own.</summary>
    Table,
}

/// <summary>Made films in the published formats of video–text retrieval, with both towers of a small CLIP of random weights.</summary>
public static class VideoRetrievalSample
{
    /// <summary>Films of train.</summary>
    public const int TrainFilms = 10;

    /// <summary>Films of val, where the format has a list of them.</summary>
    public const int ValFilms = 3;

    /// <summary>Films of test.</summary>
    public const int TestFilms = 5;

    /// <summary>Captions of each film, but for those of MSR-VTT's test.</summary>
    public const int Captions = 3;

    /// <summary>Frames of a film, one a second.</summary>
    public const int Frames = 4;

    private const int Width = 48;
    private const int Height = 32;

    /// <summary>Writes data, weights, a vocabulary and a recipe below a folder.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="layout">The format.</param>
    /// <param name="files">
    /// Whether films are AVI files, which ffmpeg is needed to read, or else folders of pictures; null: files where there is an ffmpeg.
    /// </param>
    /// <returns>The recipe: a few steps of UniPT in the published form.</returns>
    public static string Write(string folder, VideoLayout layout = VideoLayout.MsrVtt, bool? files = null)
    {
        string data = Path.Combine(folder, "data");
        Directory.CreateDirectory(data);
        switch (layout)
        {
            case VideoLayout.MsrVtt:
                WriteMsrVtt(data);
                break;
            case VideoLayout.Msvd:
                WriteMsvd(data);
                break;
            default:
                WriteTable(data);
                break;
        }

        string films = Path.Combine(data, layout == VideoLayout.Table ? "films" : "Compress_Videos");
        Directory.CreateDirectory(films);
        foreach (int film in Enumerable.Range(0, TrainFilms + ValFilms + TestFilms))
        {
            WriteFilm(Path.Combine(films, IdOf(film, layout)), Film.Make(film, Frames, Width, Height), files ?? FilmPrograms.Are);
        }

        int vocabulary = WriteVocabulary(Path.Combine(folder, "vocabulary"));
        WriteClip(Path.Combine(folder, "clip.safetensors"), vocabulary);
        string recipe = Path.Combine(folder, "recipe.yaml");
        File.WriteAllText(recipe, """
            name: video-sample
            task:
              name: video_retrieval
            data:
              path: data
              frame_cache_gb: 0.01
              image_size: 32
              max_frames: 3
            backbones:
              image:
                architecture: clip_vit
                weights: clip.safetensors
              text:
                architecture: clip_text
                weights: clip.safetensors
                vocabulary: vocabulary
            method:
              name: unipt
              form: clip4clip
              width: 16
            train:
              epochs: 2
              batch_size: 8
              optimizer: bert_adam
              learning_rate: 1e-3
              beta2: 0.98
              epsilon: 1e-6
              weight_decay: 0.2
              clip_norm: 1
              clip_tensor_norm: 1
              schedule: warmup_cosine
              warmup_share: 0.1
            threads: 1

            """);
        return recipe;
    }

    /// <summary>What a film of the sample is called.</summary>
    public static string IdOf(int film, VideoLayout layout = VideoLayout.MsrVtt) => layout == VideoLayout.Msvd ? $"aB-c_{film}_1_5" : $"video{film}";

    /// <summary>The sentences about a film of the sample.</summary>
    public static IReadOnlyList<string> CaptionsOf(int film) => Film.Make(film, Frames, Width, Height).Captions(Captions);

    /// <summary>A pickle of protocol 2, as Python writes a dictionary from ids to lists of lists of words.</summary>
    public static byte[] Pickle(IEnumerable<(string Id, IReadOnlyList<string> Captions)> films)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write([0x80, 2, (byte)'}', (byte)'(']);
        foreach ((string id, IReadOnlyList<string> captions) in films)
        {
            Text(id);
            writer.Write("]("u8);
            foreach (string caption in captions)
            {
                writer.Write("]("u8);
                Array.ForEach(caption.Split(' '), Text);
                writer.Write("e"u8);
            }

            writer.Write("e"u8);
        }

        writer.Write("u."u8);
        return stream.ToArray();

        void Text(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            writer.Write((byte)'X');
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }
    }

    private static void WriteMsrVtt(string data)
    {
        int[] train = [.. Enumerable.Range(0, TrainFilms + ValFilms)];
        int[] test = [.. Enumerable.Range(TrainFilms + ValFilms, TestFilms)];
        File.WriteAllLines(Path.Combine(data, "MSRVTT_train.9k.csv"), train.Select(film => IdOf(film)).Prepend("video_id"));
        File.WriteAllLines(Path.Combine(data, "MSRVTT_train.7k.csv"), train[..^2].Select(film => IdOf(film)).Prepend("video_id"));
        File.WriteAllLines(
            Path.Combine(data, "MSRVTT_JSFUSION_test.csv"),
            test.Select((film, row) => $"ret{row},msr{film},{IdOf(film)},\"{CaptionsOf(film)[0]}\"").Prepend("key,vid_key,video_id,sentence"));
        int[] all = [.. train, .. test];
        var json = new JsonObject
        {
            ["videos"] = new JsonArray([.. all.Select(film => new JsonObject
            {
                ["video_id"] = IdOf(film),
                ["url"] = $"https://example.org/{film}",
                ["category"] = 3,
                ["start time"] = 0.5,
                ["end time"] = 4.5,
                ["split"] = film < TrainFilms ? "train" : "test",
                ["id"] = film,
            })]),

            // As published the sentences of a film do not all stand together.
            ["sentences"] = new JsonArray([.. Enumerable.Range(0, Captions).SelectMany(place => all.Select(film => new JsonObject
            {
                ["caption"] = CaptionsOf(film)[place],
                ["video_id"] = IdOf(film),
                ["sen_id"] = (Captions * film) + place,
            }))]),
        };
        File.WriteAllText(Path.Combine(data, "MSRVTT_data.json"), json.ToJsonString());
    }

    private static void WriteMsvd(string data)
    {
        (string Name, int First, int Count)[] lists = [("train", 0, TrainFilms), ("val", TrainFilms, ValFilms), ("test", TrainFilms + ValFilms, TestFilms)];
        foreach ((string name, int first, int count) in lists)
        {
            File.WriteAllLines(Path.Combine(data, $"{name}_list.txt"), Enumerable.Range(first, count).Select(film => IdOf(film, VideoLayout.Msvd)));
        }

        // Captions of two films that no list names.
        File.WriteAllBytes(
            Path.Combine(data, "raw-captions.pkl"),
            Pickle(Enumerable.Range(0, TrainFilms + ValFilms + TestFilms + 2).Select(film => (IdOf(film, VideoLayout.Msvd), CaptionsOf(film)))));
    }

    private static void WriteTable(string data)
    {
        File.WriteAllLines(Path.Combine(data, "films.jsonl"), Enumerable.Range(0, TrainFilms + ValFilms + TestFilms).Select(film => new JsonObject
        {
            ["file"] = $"films/{IdOf(film)}",
            ["caption"] = new JsonArray([.. CaptionsOf(film).Select(caption => JsonValue.Create(caption))]),
            ["split"] = film < TrainFilms ? "train" : film < TrainFilms + ValFilms ? "val" : "test",
        }.ToJsonString()));
    }

    private static void WriteFilm(string path, Film film, bool asFile)
    {
        if (asFile)
        {
            File.WriteAllBytes($"{path}.avi", UncompressedAvi.Bytes([.. film.Frames.Select(frame => frame.Rgb())], Width, Height, 1));
            return;
        }

        Directory.CreateDirectory(path);
        foreach ((int second, Scene frame) in film.Frames.Index())
        {
            File.WriteAllBytes(Path.Combine(path, $"{second:d4}.png"), frame.Png());
        }
    }

    /// <summary>CLIP's 512 byte pieces and merges that make one piece of each word; returns the number of ids.</summary>
    private static int WriteVocabulary(string folder)
    {
        // Bytes that are printed stand for themselves, the others for characters behind those of a byte, as in GPT-2.
        static bool IsPrinted(int value) => value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
        int[] others = [.. Enumerable.Range(0, 256).Where(value => !IsPrinted(value))];
        string[] symbols = [.. Enumerable.Range(0, 256).Where(IsPrinted).Select(value => $"{(char)value}"), .. others.Select((_, i) => $"{(char)(256 + i)}")];
        List<string> pieces = [.. symbols, .. symbols.Select(symbol => $"{symbol}</w>")];
        List<string> merges = ["#version: 0.2"];
        foreach (string word in SceneTexts.Words().Where(word => word.Length > 1).Distinct())
        {
            for (int end = 1; end < word.Length; end++)
            {
                string last = end == word.Length - 1 ? "</w>" : "";
                string made = word[..(end + 1)] + last;
                if (!pieces.Contains(made))
                {
                    merges.Add($"{word[..end]} {word[end]}{last}");
                    pieces.Add(made);
                }
            }
        }

        pieces.AddRange("<|startoftext|>", "<|endoftext|>");
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, "merges.txt"), merges);
        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(pieces.Index().ToDictionary(piece => piece.Item, piece => piece.Index)));
        return pieces.Count;
    }

    private static void WriteClip(string path, int vocabulary)
    {
        Weights fresh = Weights.Fresh(7);
        using WeightStore store = fresh.Store;
        _ = new ClipVit(fresh, new ClipVitConfig { Resolution = 32, Patch = 16, Width = 64, Layers = 2, Heads = 1, Output = 32 });
        _ = new ClipText(fresh, new ClipTextConfig { Vocabulary = vocabulary, MaxTokens = 32, Width = 64, Layers = 2, Heads = 1, Output = 32 });
        SafetensorsWriter.Write(path, store.State());
    }
}
