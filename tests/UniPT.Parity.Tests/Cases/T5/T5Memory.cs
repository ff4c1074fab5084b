namespace UniPT.Parity.Tests.Cases.T5;

/// <summary>What a decoder looks at, <c>[B, M, D]</c>, and the bias on its scores that hides padding.</summary>
internal sealed record T5Memory(Tensor Tokens, Tensor Bias);
