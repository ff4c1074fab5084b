namespace UniPT.Parity.Tests;

/// <summary>A computed tensor differs from the recorded one.</summary>
internal sealed class ParityException(string message) : Exception(message);
