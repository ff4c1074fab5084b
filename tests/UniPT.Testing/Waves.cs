using System.Text;

namespace UniPT.Testing;

/// <summary>Writes WAV files.</summary>
public static class Waves
{
    /// <summary>A file of 16 bits and one channel.</summary>
    /// <param name="samples">Full scale at −1 and 1.</param>
    /// <param name="rate">Samples a second.</param>
    public static byte[] Pcm16(IReadOnlyList<double> samples, int rate = 16_000) =>
        Bytes(1, 1, rate, 16, [.. samples.SelectMany(sample => BitConverter.GetBytes((short)Math.Round(Math.Clamp(sample, -1, 1) * 32_767)))]);

    /// <summary>A sine.</summary>
    public static double[] Sine(double hertz, double seconds, int rate = 16_000, double height = 0.5) =>
        [.. Enumerable.Range(0, (int)(seconds * rate)).Select(i => height * Math.Sin(2 * Math.PI * hertz * i / rate))];

    /// <summary>A file of anything.</summary>
    /// <param name="encoding">1 for PCM, 3 for floating point.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="rate">Samples a second.</param>
    /// <param name="bits">Of a sample.</param>
    /// <param name="data">The samples' bytes.</param>
    /// <param name="stated">How many bytes of samples the file says it has; null for as many as there are.</param>
    /// <param name="before">What stands between format and samples.</param>
    public static byte[] Bytes(int encoding, int channels, int rate, int bits, byte[] data, uint? stated = null, byte[]? before = null)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("RIFF"u8);
        writer.Write(36 + data.Length);
        writer.Write(Encoding.ASCII.GetBytes("WAVEfmt "));
        writer.Write(16);
        writer.Write((short)encoding);
        writer.Write((short)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write((short)bits);
        writer.Write(before ?? []);
        writer.Write("data"u8);
        writer.Write(stated ?? (uint)data.Length);
        writer.Write(data);
        return stream.ToArray();
    }
}
