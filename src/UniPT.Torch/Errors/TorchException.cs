namespace UniPT.Torch;

/// <summary>libtorch refused an operation: shapes that do not fit, an unknown operator, an unsupported type.</summary>
public sealed class TorchException(string message) : Exception(message);
