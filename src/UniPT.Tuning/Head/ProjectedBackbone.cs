using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Direct;

namespace UniPT.Tuning.Head;

/// <summary>A backbone with a linear projection on its hidden states.</summary>
public class ProjectedBackbone : TunedBackbone
{
    private readonly OptionList<int> _joined;
    private readonly Weights _linearWeights;
    private readonly Linear _linear;

    /// <summary>Takes <c>linear</c>.</summary>
    /// <exception cref="UserException">The backbone has no hidden state of an index.</exception>
    public ProjectedBackbone(Backbone backbone, Weights weights, int output, OptionList<int> joined, bool changesHiddenStates, DirectPathOptions? direct = null) : base(backbone, weights)
    {
        if (joined.Any(layer => layer >= backbone.Widths.Count))
        {
            throw new UserException($"{backbone.Name} has the hidden states 0 to {backbone.Widths.Count - 1}; {joined} are not all among them.");
        }

        (Output, ChangesHiddenStates, _joined) = (output, changesHiddenStates, joined);
        int input = joined.Count == 0 ? backbone.Widths[^1] : joined.Sum(layer => backbone.Widths[layer]);
        _linearWeights = weights / "linear";
        Standardization = direct is { Enabled: true } ? new Standardization(weights / "standardization", backbone.Widths) : null;
        Direct = Standardization is null ? null : new DirectPath(weights / "direct", Standardization, backbone.Widths.Sum(), output, direct!);
        _linear = new Linear(weights / "linear", input, output, initializer: Initializers.XavierUniform(input, output));
    }

    /// <inheritdoc/>
    public override int Output { get; }

    /// <inheritdoc/>
    public override bool ChangesHiddenStates { get; }

    /// <inheritdoc/>
    public override Standardization? Standardization { get; }

    /// <inheritdoc/>
    public override DirectPath? Direct { get; }

    /// <inheritdoc/>
    public override void Silence() => _linearWeights.Fill(0);

    /// <inheritdoc/>
    protected override TunedFeatures Compute(HiddenStates hidden)
    {
        if (_joined.Count == 0)
        {
            return new TunedFeatures(_linear.forward(hidden.Tokens(^1)), hidden.Mask, Direct: Direct?.Forward(hidden));
        }

        Tensor joined = torch.cat([.. _joined.Select(layer => hidden.Mean(layer))], 1);
        return new TunedFeatures(_linear.forward(joined).unsqueeze(1), Direct: Direct?.Forward(hidden));
    }
}
