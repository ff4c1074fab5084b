using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning;

namespace UniPT.Tasks.Retrieval.Heads;

/// <summary>From adapted features to a vector of length 1 in the joint space: pooling, direct path, L2 normalisation.</summary>
/// <param name="pooling">How tokens become one vector.</param>
/// <param name="tokenDrop">Share of tokens left out at random while training, in [0, 1).</param>
/// <param name="epsilon">What is added to the vectors' lengths before they are divided by them.</param>
public sealed class EmbeddingHead(TokenPooling pooling, double tokenDrop = 0, double epsilon = 1e-8)
{
    /// <summary>The embeddings, <c>[B, output]</c>.</summary>
    /// <param name="features">Adapted features.</param>
    /// <param name="draw">Where the dropping of tokens draws from; null in evaluation: nothing is dropped.</param>
    public Tensor Forward(TunedFeatures features, Func<double>? draw = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor tokens, IReadOnlyList<int>? lengths) = (features.Tokens, Lengths(features.Mask));
        if (draw is not null && tokenDrop > 0)
        {
            (tokens, lengths) = RandomDrop.Forward(tokens, lengths, tokenDrop, draw);
        }

        Tensor pooled = pooling.Forward(tokens, lengths);
        Tensor sum = features.Direct is { } direct ? pooled.Add(direct) : pooled;
        return scope.MoveToOuter(sum / sum.norm(1, true).Add(epsilon));
    }

    private static int[]? Lengths(Tensor? mask) => mask is null
        ? null
        : TokenMask.Lengths(mask) ?? throw new UserException("The head of retrieval pools the first tokens of each example; these features have holes among them.");
}
