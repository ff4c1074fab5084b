namespace UniPT.Torch;

/// <summary>Writes tensors as a safetensors file.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes beside the path and renames; the same tensors give the same bytes.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        byte[] header = SafetensorsLayout.Write(
            [.. tensors.Select(pair => (pair.Key, pair.Value.dtype, pair.Value.shape))], metadata, out IReadOnlyList<TensorEntry> entries);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (TensorEntry entry in entries)
            {
                TensorData.WriteTo(tensors[entry.Name], stream.Write);
            }
        });
    }
}
