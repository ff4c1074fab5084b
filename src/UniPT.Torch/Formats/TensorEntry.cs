namespace UniPT.Torch;

/// <summary>Where a tensor stands in a file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="TypeName">Its element type as the format calls it, such as <c>F32</c>.</param>
/// <param name="Type">Its element type; null for one that the format has and this library does not, such as <c>F8_E4M3</c>.</param>
/// <param name="Shape">Its sizes; empty for a scalar.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="ByteCount">Bytes of its elements.</param>
public sealed record TensorEntry(string Name, string TypeName, ScalarType? Type, long[] Shape, long Offset, long ByteCount)
{
    /// <summary>Elements between neighbours in each dimension; null where they follow each other row by row.</summary>
    public long[]? Strides { get; init; }
}
