namespace UniPT.Backbones;

/// <summary>What a backbone is given.</summary>
/// <param name="Values">Pixels <c>[B, 3, H, W]</c>, or token ids <c>[B, N]</c> (64-bit integers).</param>
/// <param name="Lengths">Valid tokens of each text, 0 for an empty one; null where everything is valid.</param>
/// <param name="Segments">Which of two joined texts each token belongs to, as <c>Values</c>; null where there is one.</param>
public sealed record BackboneInput(Tensor Values, IReadOnlyList<int>? Lengths = null, Tensor? Segments = null);
