using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;
using UniPT.Tuning.NormTuning;

namespace UniPT.Tuning.Adapters;

/// <summary>
/// Bottleneck adapters within the residual branches, before dropout, residual and norm of the host (Houlsby et al., ICML
/// 2019, arXiv 1902.00751; Pfeiffer et al., EACL 2021, arXiv 2005.00247); 1×1 convolutions in a convolutional network. The
/// way up starts at zero, so that the start is the frozen backbone.
/// </summary>
public sealed class AdapterMethod(AdapterOptions options) : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "adapter";

    /// <inheritdoc/>
    public override bool ChangesHiddenStates => true;

    private LinearRole[] Roles => options.Placement == AdapterPlacement.Houlsby
        ? [LinearRole.Output, LinearRole.Down, LinearRole.Project]
        : [LinearRole.Down, LinearRole.Project];

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        foreach ((LinearMap map, Weights place) in BackboneAccess.Linears(stream, weights, Roles, Name))
        {
            map.Extend(new BottleneckAdapter(map, place, options));
        }

        if (options.Norms)
        {
            LayerNormMethod.Unfreeze(stream);
        }

        return new ProjectedBackbone(stream, weights, output, [], changesHiddenStates: true);
    }
}
