using UniPT.Torch;

namespace UniPT.Tuning.Ia3;

/// <summary>Scales every channel that a linear map of tokens is given.</summary>
internal sealed class InputScale(LinearMap map, Weights weights) : LinearExtension
{
    private readonly Tensor _scale = weights.Parameter("scale", Initializers.Ones, map.Input);

    /// <inheritdoc/>
    public override Tensor Before(Tensor input) => input * _scale;
}
