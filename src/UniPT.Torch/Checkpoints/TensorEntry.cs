namespace UniPT.Torch;

/// <summary>Where a tensor stands in a file.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its sizes; empty for a scalar.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="ByteCount">Bytes of its elements.</param>
public sealed record TensorEntry(string Name, ScalarType Type, long[] Shape, long Offset, long ByteCount);
