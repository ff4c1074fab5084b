using UniPT.Torch;
using UniPT.Tuning;

namespace UniPT.Tasks.Shared.Classification;

/// <summary>Adapted features of a sequence as one vector, dropout, and a linear map to scores or numbers.</summary>
internal sealed class PooledHead
{
    private readonly bool _first;
    private readonly Dropout _dropout;
    private readonly Linear _linear;

    /// <summary>Takes <c>weight [outputs, width]</c> and <c>bias [outputs]</c>.</summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="width">Of the adapted features.</param>
    /// <param name="outputs">How many scores or numbers.</param>
    /// <param name="dropout">Share of the vector that is left out at random while training.</param>
    /// <param name="first">Whether the vector is the first token; otherwise the mean of those that count.</param>
    internal PooledHead(Weights weights, int width, int outputs, double dropout, bool first = false)
    {
        _first = first;
        _dropout = new Dropout(weights / "dropout", dropout);
        _linear = new Linear(weights, width, outputs);
    }

    /// <summary>Scores before the softmax, or numbers: <c>[B, outputs]</c>.</summary>
    internal Tensor Forward(TunedFeatures features)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor pooled = _first ? features.Tokens.select(1, 0) : TokenMean.Of(features.Tokens, features.Mask);
        Tensor sum = features.Direct is { } direct ? pooled.Add(direct) : pooled;
        return scope.MoveToOuter(_linear.forward(_dropout.forward(sum)));
    }
}
