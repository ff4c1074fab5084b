using System.Text;

namespace UniPT.Testing.Published;

/// <summary>Writes arrays as NumPy does.</summary>
public static class NpyWriter
{
    /// <summary>Writes float16 numbers.</summary>
    public static void Write(string path, ReadOnlySpan<float> values, params IReadOnlyList<int> shape)
    {
        var bytes = new byte[values.Length * 2];
        for (int i = 0; i < values.Length; i++)
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(i * 2), (Half)values[i]);
        }

        Write(path, "<f2", bytes, shape);
    }

    /// <summary>Writes bytes as numbers of a type.</summary>
    public static void Write(string path, string type, byte[] values, IReadOnlyList<int> shape)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}{(shape.Count == 1 ? "," : "")}), }}";
        header = header.PadRight((((header.Length + 11 + 63) / 64) * 64) - 11) + "\n";
        using FileStream file = File.Create(path);
        file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)(header.Length % 256), (byte)(header.Length / 256), .. Encoding.ASCII.GetBytes(header)]);
        file.Write(values);
    }
}
