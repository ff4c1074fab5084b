using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Heads;

/// <summary>
/// A perceptron over every region or cell of a picture on its own, beside the method's features: a linear map, batch norm, ReLU and a linear map (VSE∞'s head for
/// precomputed regions). Batch norm counts padding too, as there.
/// </summary>
public sealed class PictureMlp
{
    private readonly Linear _first;
    private readonly BatchNorm _norm;
    private readonly Linear _second;

    /// <summary>Takes <c>layers.0</c>, <c>bns.0</c> and <c>layers.1</c>.</summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="input">Channels of a region.</param>
    /// <param name="hidden">Width between the two maps.</param>
    /// <param name="output">Width of what comes out.</param>
    public PictureMlp(Weights weights, int input, int hidden, int output)
    {
        _first = new Linear(weights / "layers" / 0, input, hidden);
        _norm = new BatchNorm(weights / "bns" / 0, hidden);
        _second = new Linear(weights / "layers" / 1, hidden, output);
    }

    /// <summary><c>[B, N, output]</c> of regions <c>[B, N, input]</c>.</summary>
    public Tensor Forward(Tensor regions)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor hidden = _norm.forward(_first.forward(regions.flatten(0, 1))).relu();
        return scope.MoveToOuter(_second.forward(hidden).unflatten(0, [regions.size(0), regions.size(1)]));
    }
}
