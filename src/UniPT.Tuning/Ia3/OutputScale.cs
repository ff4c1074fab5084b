using UniPT.Torch;

namespace UniPT.Tuning.Ia3;

/// <summary>Scales every channel that a linear map of tokens gives.</summary>
internal sealed class OutputScale(LinearMap map, Weights weights) : LinearExtension
{
    private readonly Tensor _scale = weights.Parameter("scale", Initializers.Ones, map.Output);

    /// <inheritdoc/>
    public override Tensor After(Tensor input, Tensor output) => output * _scale;
}
