using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.Direct;

/// <summary>The pooled hidden states of all layers, standardised and projected: <c>W·dropout(x) + b</c>.</summary>
public sealed class DirectPath
{
    private readonly Standardization _standardization;
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly Dropout _dropout;

    /// <summary>Takes <c>weight [output, joined]</c> and <c>bias [output]</c>.</summary>
    public DirectPath(Weights weights, Standardization standardization, int joined, int output, DirectPathOptions options)
    {
        _standardization = standardization;
        Options = options;
        _weight = weights.Parameter("weight", Initializers.FanIn(joined), output, joined);
        _bias = weights.Parameter("bias", Initializers.Zeros, output);
        _dropout = new Dropout(weights, options.Dropout);
    }

    /// <summary>How it was chosen.</summary>
    public DirectPathOptions Options { get; }

    /// <summary>What trains.</summary>
    public IReadOnlyList<Parameter> Parameters => [_weight, _bias];

    /// <summary>Width of the output.</summary>
    public int Output => (int)_weight.size(0);

    /// <summary>Sets the projection, as a start that was computed from data, and the shift to 0.</summary>
    /// <param name="weight"><c>[output, joined]</c>, for standardised inputs.</param>
    public void Start(Tensor weight)
    {
        using IDisposable unrecorded = torch.no_grad();
        _weight.copy_(weight);
        _bias.fill_(Scalars.Of(0));
    }

    /// <summary>What the path adds to the pooled features, <c>[B, output]</c>.</summary>
    internal Tensor Forward(HiddenStates hidden)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor inputs = _standardization.Forward(Standardization.Pool(hidden));
        return scope.MoveToOuter(nn.functional.linear(_dropout.forward(inputs), _weight, _bias));
    }
}
