using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.Ia3;

/// <summary>
/// IA³ (Liu et al., NeurIPS 2022, arXiv 2205.05638): keys, values and the hidden features of the feed-forward networks are
/// scaled by channel. The scales start at 1, so that the start is the frozen backbone.
/// </summary>
public sealed class Ia3Method : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "ia3";

    /// <inheritdoc/>
    public override bool ChangesHiddenStates => true;

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        foreach ((LinearMap map, Weights place) in BackboneAccess.Linears(stream, weights, [LinearRole.Key, LinearRole.Value], Name))
        {
            map.Extend(new OutputScale(map, place));
        }

        foreach ((LinearMap map, Weights place) in BackboneAccess.Linears(stream, weights, [LinearRole.Down], Name))
        {
            map.Extend(new InputScale(map, place));
        }

        return new ProjectedBackbone(stream, weights, output, [], changesHiddenStates: true);
    }
}

/// <summary>There is nothing to choose about IA³.</summary>
public sealed record Ia3Options;

/// <summary>Scales every channel that a linear map of tokens is given.</summary>
internal sealed class InputScale(LinearMap map, Weights weights) : LinearExtension
{
    private readonly Tensor _scale = weights.Parameter("scale", Initializers.Ones, map.Input);

    /// <inheritdoc/>
    public override Tensor Before(Tensor input) => input * _scale;
}

/// <summary>Scales every channel that a linear map of tokens gives.</summary>
internal sealed class OutputScale(LinearMap map, Weights weights) : LinearExtension
{
    private readonly Tensor _scale = weights.Parameter("scale", Initializers.Ones, map.Output);

    /// <inheritdoc/>
    public override Tensor After(Tensor input, Tensor output) => output * _scale;
}
