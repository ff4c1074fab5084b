using System.Buffers.Binary;

namespace UniPT.Backbones.Media;

/// <summary>
/// Reads WAV: PCM of 8, 16, 24 and 32 bits and floating-point numbers of 32 and 64 bits, the mean of all channels. Every size that a file states is
/// checked against its bytes. Safe to call from several threads.
/// </summary>
public static class WaveFile
{
    /// <summary>Longer recordings are refused.</summary>
    public const int MaxSeconds = 3600;

    private const int Pcm = 1;
    private const int Float = 3;
    private const int Extensible = 0xFFFE;
    private const int ChunkHeader = 8;
    private const int MaxRate = 768_000;
    private const int MaxChannels = 64;

    // Programs that write into a pipe do not know the length when they write it.
    private const uint Unknown = 0x7FFF_0000;

    /// <summary>Decodes a file in memory.</summary>
    /// <param name="bytes">The file's bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="UserException">It is no WAV file, of an encoding that is not read, cut off, damaged, without a sample or too long.</exception>
    public static Recording Decode(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length < 12 || !bytes.StartsWith("RIFF"u8) || !bytes[8..12].SequenceEqual("WAVE"u8))
        {
            throw new UserException($"{name} is {(bytes.Length == 0 ? "empty (0 bytes)" : Other(bytes))}; expected a WAV file.");
        }

        WaveFormat? format = null;
        int at = 12;
        while (at + ChunkHeader <= bytes.Length)
        {
            ReadOnlySpan<byte> kind = bytes.Slice(at, 4);
            uint stated = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + 4)..]);
            ReadOnlySpan<byte> rest = bytes[(at + ChunkHeader)..];
            bool isData = kind.SequenceEqual("data"u8);
            if (stated > rest.Length && !(isData && stated >= Unknown))
            {
                throw new UserException($"{name} is cut off: a part of it has {stated} bytes, of which {rest.Length} are there.");
            }

            ReadOnlySpan<byte> chunk = rest[..(int)Math.Min(stated, rest.Length)];
            if (kind.SequenceEqual("fmt "u8))
            {
                format = WaveFormat.Of(chunk, name);
            }
            else if (isData)
            {
                return format is { } known
                    ? new Recording(Mono(chunk, known, name), known.Rate)
                    : throw new UserException($"{name} is no intact WAV file: its samples come before their format.");
            }

            // Parts begin at even bytes.
            at += ChunkHeader + chunk.Length + (chunk.Length & 1);
        }

        throw new UserException($"{name} is a WAV file without samples.");
    }

    private static float[] Mono(ReadOnlySpan<byte> data, WaveFormat format, string name)
    {
        int frames = data.Length / format.FrameBytes;
        if (frames == 0)
        {
            throw new UserException($"{name} has no samples; expected a sound of some length.");
        }

        if (frames / format.Rate >= MaxSeconds)
        {
            throw new UserException($"{name} is {frames / format.Rate} seconds long; at most {MaxSeconds} are read.");
        }

        var samples = new float[frames];
        for (int frame = 0; frame < frames; frame++)
        {
            double sum = 0;
            for (int channel = 0; channel < format.Channels; channel++)
            {
                sum += Sample(data[((frame * format.FrameBytes) + (channel * format.SampleBytes))..], format);
            }

            samples[frame] = (float)(sum / format.Channels);
            if (!float.IsFinite(samples[frame]))
            {
                throw new UserException($"{name} is damaged: its sample {frame} is infinite or no number (NaN).");
            }
        }

        return samples;
    }

    private static double Sample(ReadOnlySpan<byte> bytes, WaveFormat format) => (format.IsFloat, format.SampleBytes) switch
    {
        (true, 4) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        (true, _) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        (_, 1) => (bytes[0] - 128) / 128.0,
        (_, 2) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32_768.0,
        (_, 3) => ((bytes[0] << 8) | (bytes[1] << 16) | (bytes[2] << 24)) / 2_147_483_648.0,
        _ => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2_147_483_648.0,
    };

    /// <summary>What people take for a recording besides.</summary>
    private static string Other(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [(byte)'R', (byte)'I', (byte)'F', (byte)'X', ..] => "a RIFX file (big-endian)",
        [(byte)'R', (byte)'F', (byte)'6', (byte)'4', ..] => "an RF64 file",
        [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => "a FLAC file",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => "an Ogg file",
        [(byte)'I', (byte)'D', (byte)'3', ..] or [0xFF, 0xFB or 0xF3 or 0xF2, ..] => "an MP3 file",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "an MP4 file",
        [(byte)'F', (byte)'O', (byte)'R', (byte)'M', ..] => "an AIFF file",
        _ => "no sound",
    };

    private readonly record struct WaveFormat(bool IsFloat, int Channels, int Rate, int SampleBytes)
    {
        public int FrameBytes => Channels * SampleBytes;

        public static WaveFormat Of(ReadOnlySpan<byte> chunk, string name)
        {
            if (chunk.Length < 16)
            {
                throw new UserException($"{name} is no intact WAV file: its format has {chunk.Length} bytes; expected 16 or more.");
            }

            int encoding = BinaryPrimitives.ReadUInt16LittleEndian(chunk);
            int channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
            uint rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            int bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
            if (encoding == Extensible && chunk.Length >= 26)
            {
                encoding = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
            }

            bool isKnown = encoding switch { Pcm => bits is 8 or 16 or 24 or 32, Float => bits is 32 or 64, _ => false };
            if (!isKnown)
            {
                throw new UserException(
                    $"{name} has samples of the encoding {encoding} with {bits} bits; expected PCM (1) with 8, 16, 24 or 32 or floating point (3) with 32 or 64.");
            }

            if (channels is < 1 or > MaxChannels || rate is < 1 or > MaxRate)
            {
                throw new UserException($"{name} has {channels} channels and {rate} samples a second; expected 1 to {MaxChannels} channels and 1 to {MaxRate} samples.");
            }

            var format = new WaveFormat(encoding == Float, channels, (int)rate, bits / 8);
            int stated = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
            return stated == format.FrameBytes
                ? format
                : throw new UserException($"{name} is no intact WAV file: {channels} channels of {bits} bits stand in {stated} bytes; expected {format.FrameBytes}.");
        }
    }
}
