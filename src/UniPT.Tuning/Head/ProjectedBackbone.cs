using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Direct;

namespace UniPT.Tuning.Head;

/// <summary>A backbone whose last hidden state, or the means of several, are the features, through a linear projection where a width is asked for.</summary>
public class ProjectedBackbone : TunedBackbone, IStandardizing, IHasDirectPath
{
    private readonly OptionList<int> _joined;
    private readonly Weights _linearWeights;
    private readonly Linear? _linear;

    /// <summary>Takes <c>linear</c>, where it projects.</summary>
    /// <param name="stream">What is read.</param>
    /// <param name="weights">Where the method's own weights stand.</param>
    /// <param name="output">Width of the features; null for the last hidden state as it is, or for as wide a projection of several.</param>
    /// <param name="joined">Indices of the hidden states whose means are joined; empty for the tokens of the last one.</param>
    /// <param name="changesHiddenStates">Whether gradients flow into the backbone.</param>
    /// <param name="direct">A path beside the projection; null for none.</param>
    /// <exception cref="UserException">The backbone has no hidden state of an index.</exception>
    public ProjectedBackbone(
        BackboneStream stream, Weights weights, int? output, OptionList<int> joined, bool changesHiddenStates, DirectPathOptions? direct = null)
        : base(stream, weights)
    {
        if (joined.Any(layer => layer >= stream.Widths.Count))
        {
            throw new UserException($"{stream} has the hidden states 0 to {stream.Widths.Count - 1}; {joined} are not all among them.");
        }

        (Output, ChangesHiddenStates, _joined) = (output ?? stream.Widths[^1], changesHiddenStates, joined);
        int input = joined.Count == 0 ? stream.Widths[^1] : joined.Sum(layer => stream.Widths[layer]);
        _linearWeights = weights / "linear";
        Standardization = direct is { Enabled: true } ? new Standardization(weights / "standardization", stream.Widths) : null;
        Direct = Standardization is null ? null : new DirectPath(weights / "direct", Standardization, stream.Widths.Sum(), Output, direct!);
        _linear = output is null && joined.Count == 0 ? null : new Linear(_linearWeights, input, Output, initializer: Initializers.XavierUniform(input, Output));
    }

    /// <inheritdoc/>
    public override int Output { get; }

    /// <inheritdoc/>
    public override bool ChangesHiddenStates { get; }

    /// <inheritdoc/>
    public Standardization? Standardization { get; }

    /// <inheritdoc/>
    public DirectPath? Direct { get; }

    /// <inheritdoc/>
    public void Silence() => _linearWeights.Fill(0);

    /// <inheritdoc/>
    protected override TunedFeatures Compute(HiddenStates hidden)
    {
        if (_joined.Count == 0)
        {
            Tensor tokens = hidden.Tokens(^1);
            return _linear is null
                ? new TunedFeatures(tokens.alias(), hidden.Mask, Direct: Direct?.Forward(hidden)) { Pooled = hidden.Pooled?.alias() }
                : new TunedFeatures(_linear.forward(tokens), hidden.Mask, Direct: Direct?.Forward(hidden));
        }

        Tensor joined = torch.cat([.. _joined.Select(layer => hidden.Mean(layer))], 1);
        return new TunedFeatures(_linear!.forward(joined).unsqueeze(1), Direct: Direct?.Forward(hidden));
    }
}
