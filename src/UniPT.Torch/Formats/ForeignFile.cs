using System.Text;

namespace UniPT.Torch;

/// <summary>What people give for a safetensors file, told by how it begins.</summary>
internal static class ForeignFile
{
    private const int Looked = 4096;
    private const string Convert = "weights are read from safetensors files, as safetensors.torch.save_file writes them in Python, and from PyTorch's";
    private const string Here = "here a safetensors file is expected, as safetensors.torch.save_file writes it in Python";
    private static readonly (byte[] Start, string What)[] Binaries =
    [
        ("GGUF"u8.ToArray(), $"a GGUF file of llama.cpp; {Convert}"),
        ([0x93, .. "NUMPY"u8], $"an array of NumPy; {Convert}"),
        ([0x89, .. "HDF"u8], $"an HDF5 file, as Keras writes it; {Convert}"),
        ([0x1F, 0x8B], "compressed with gzip; unpack it"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd; unpack it"),
        ([0xFD, .. "7zXZ"u8], "compressed with xz; unpack it"),
    ];

    /// <summary>What the file is and what can be done, as a sentence goes on after "is"; null for nothing known.</summary>
    internal static string? Describe(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> head = file[..Math.Min(file.Length, Looked)];
        foreach ((byte[] start, string what) in Binaries)
        {
            if (head.StartsWith(start))
            {
                return what;
            }
        }

        if (head.StartsWith("PK\x03\x04"u8))
        {
            return head.IndexOf(".pkl"u8) >= 0 || head.IndexOf("/version"u8) >= 0 ? $"a checkpoint of PyTorch; {Here}"
                : head.IndexOf(".npy"u8) >= 0 ? $"a file of NumPy arrays; {Convert}"
                : "a zip; expected a safetensors file, which may be in it";
        }

        // The opcode PROTO with its version.
        if (head.Length > 2 && head[0] == 0x80 && head[1] is >= 2 and <= 5)
        {
            return $"a pickle, as PyTorch writes checkpoints; {Here}";
        }

        // The fields ir_version, then producer_name or opset_import or graph.
        if (head.Length > 2 && head[0] == 0x08 && head[1] is > 0 and < 64 && head[2] is 0x12 or 0x3A or 0x42)
        {
            return "an ONNX model; expected a safetensors file";
        }

        return DescribeText(Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n'));
    }

    private static string? DescribeText(string text) =>
        text.StartsWith("version https://git-lfs", StringComparison.Ordinal) ? "a pointer of Git LFS and not the file itself; fetch that with: git lfs pull"
        : text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) ? "a web page and not a file of weights; download the file itself"
        : text.StartsWith('{') && text.Contains("\"weight_map\"", StringComparison.Ordinal) ? $"the index of weights that are split over several files; {Here}"
        : text.StartsWith('{') ? "a JSON file; expected a safetensors file"
        : null;
}
