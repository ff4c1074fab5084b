using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>The end of a tower: a layer norm and the map into the space that pictures and texts share.</summary>
internal sealed class ClipProjection : Module
{
    private readonly LayerNorm _norm;
    private readonly Parameter _weight;

    /// <param name="norm">The layer norm's place.</param>
    /// <param name="weights">Where the map stands.</param>
    /// <param name="name">Its name, <c>[width, output]</c>.</param>
    /// <param name="width">Width of the hidden states.</param>
    /// <param name="output">Width of the embedding.</param>
    /// <param name="epsilon">ε of the layer norm.</param>
    internal ClipProjection(Weights norm, Weights weights, string name, int width, int output, double epsilon) : base(weights)
    {
        _norm = new LayerNorm(norm, width, epsilon);
        _weight = weights.Parameter(name, Initializers.Normal(1 / Math.Sqrt(width)), width, output);
        norm.Exclude("weight", "bias");
        weights.Exclude(name);
        Parameters = [.. norm.Parameters, _weight];
    }

    /// <summary>Of the norm and of the map.</summary>
    internal IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => _norm.forward(input).MatMul(_weight);
}
