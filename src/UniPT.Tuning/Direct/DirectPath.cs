using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.Direct;

/// <summary>
/// The means of all hidden states, joined, standardised with statistics of the training split, and projected:
/// <c>W·dropout((x − mean) · scale)</c>.
/// </summary>
public sealed class DirectPath
{
    private readonly Tensor _mean;
    private readonly Tensor _scale;
    private readonly Tensor _weight;
    private readonly Dropout _dropout;

    /// <summary>Takes <c>mean</c> and <c>scale [joined]</c> and <c>weight [output, joined]</c>.</summary>
    public DirectPath(Weights weights, IReadOnlyList<int> widths, int output, DirectPathOptions options)
    {
        int joined = widths.Sum();
        Options = options;
        _mean = weights.Buffer("mean", Initializers.Zeros, joined);
        _scale = weights.Buffer("scale", Initializers.Ones, joined);
        _weight = weights.Parameter("weight", Initializers.FanIn(joined), output, joined);
        _dropout = new Dropout(weights, options.Dropout);
    }

    /// <summary>How it was chosen.</summary>
    public DirectPathOptions Options { get; }

    /// <summary>Width of the output.</summary>
    public int Output => (int)_weight.Size(0);

    /// <summary>The joined means of hidden states, <c>[B, joined]</c>, not standardised.</summary>
    public static Tensor Pool(HiddenStates hidden)
    {
        using TensorScope scope = TensorScope.Begin();
        return scope.HandOut(Tensor.Cat([.. Enumerable.Range(0, hidden.Layers.Count).Select(hidden.Mean)], 1));
    }

    /// <summary>Sets statistics and projection, as a start that was computed from data.</summary>
    /// <param name="mean"><c>[joined]</c>.</param>
    /// <param name="scale"><c>[joined]</c>, what the difference from the mean is multiplied by.</param>
    /// <param name="weight"><c>[output, joined]</c>.</param>
    public void Start(Tensor mean, Tensor scale, Tensor weight)
    {
        using GradientMode unrecorded = Gradients.Off();
        _mean.Copy_(mean);
        _scale.Copy_(scale);
        _weight.Copy_(weight);
    }

    /// <summary>What the path adds to the pooled features, <c>[B, output]</c>.</summary>
    internal Tensor Forward(HiddenStates hidden)
    {
        using TensorScope scope = TensorScope.Begin();
        return scope.HandOut(_dropout.Forward((Pool(hidden) - _mean) * _scale).Linear(_weight));
    }
}
