using UniPT.Backbones;
using UniPT.Tuning;

namespace UniPT.Tasks.Retrieval.Heads;

/// <summary>The mean of the valid tokens.</summary>
public sealed class MeanPooling : TokenPooling
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor tokens, IReadOnlyList<int>? lengths) =>
        TokenMean.Of(tokens, lengths is null ? null : TokenMask.From(lengths, tokens.size(1), tokens.device));
}
