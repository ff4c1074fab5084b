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
            return tokens.mean([1]);
        }

        Tensor mask = TokenMask.From(lengths, tokens.size(1), tokens.device);
        return (mask / mask.sum(1, true).clamp_min(Scalars.Of(1))).unsqueeze(1).bmm(tokens).squeeze(1);
    }
}
