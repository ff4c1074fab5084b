namespace UniPT.Torch;

/// <summary>There was not enough memory for a tensor; the message says how much was asked for.</summary>
public sealed class TensorMemoryException(string message) : Exception(message);
