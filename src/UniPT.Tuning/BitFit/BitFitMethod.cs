using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Head;

namespace UniPT.Tuning.BitFit;

/// <summary>
/// BitFit (Ben Zaken et al., ACL 2022, arXiv 2106.10199): the biases of the backbone train, with those of its layer norms
/// and, in a convolutional network, the shifts of its batch norms.
/// </summary>
/// <param name="options">What was chosen; null for the defaults.</param>
public sealed class BitFitMethod(BitFitOptions? options = null) : TuningMethod
{
    private readonly TrainedBiases _biases = (options ?? new()).Biases;

    /// <inheritdoc/>
    public override string Name => "bitfit";

    /// <inheritdoc/>
    public override bool ChangesHiddenStates => true;

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        if (_biases == TrainedBiases.None)
        {
            throw new UserException("With the option biases: none nothing of bitfit trains.");
        }

        BiasTuning.Train(stream, weights, _biases, Name);
        return _biases == TrainedBiases.Added || stream.Backbone.Store.Trainable.Any()
            ? new ProjectedBackbone(stream, weights, output, [], changesHiddenStates: true)
            : throw new UserException($"{Name} is not defined for {stream}: this backbone has no biases{(stream.Blocks.Count > 0 ? "; the option biases: added adds some" : "")}.");
    }
}

/// <summary>What may be chosen about BitFit.</summary>
public sealed record BitFitOptions
{
    /// <summary>Which biases train.</summary>
    public TrainedBiases Biases { get; init; } = TrainedBiases.Present;
}
