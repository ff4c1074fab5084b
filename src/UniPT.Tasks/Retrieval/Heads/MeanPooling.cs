using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Heads;

/// <summary>The mean of the valid tokens.</summary>
public sealed class MeanPooling : TokenPooling
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor tokens, IReadOnlyList<int>? lengths)
    {
        if (lengths is null)
        {
            return tokens.Mean(1);
        }

        Tensor mask = TokenMask.From(lengths, tokens.Size(1), tokens.Device);
        return (mask / mask.Sum(1, true).ClampMin(1)).Unsqueeze(1).Bmm(tokens).Squeeze(1);
    }
}
