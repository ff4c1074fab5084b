using UniPT.Backbones.Pretrained;

namespace UniPT.Training.Recipes;

/// <summary>A pretrained backbone and which of its hidden states are read.</summary>
public record TowerOptions
{
    /// <summary>The backbone's architecture.</summary>
    public required string Backbone { get; init; }

    /// <summary>The pretrained weights: a file, or a model that <c>unipt models</c> lists, which is fetched when it is first needed.</summary>
    [OptionPath(OrModel = true)]
    public required string Weights { get; init; }

    /// <summary>The file with the weights.</summary>
    /// <exception cref="UserException">They are a model's that cannot be fetched.</exception>
    internal string WeightsFile => PretrainedModels.WeightsOf(Weights);

    /// <summary>
    /// Whether the method leaves this backbone alone and only a projection of its last hidden state trains: for methods that
    /// are not defined for it.
    /// </summary>
    public bool Frozen { get; init; }

    /// <summary>Indices of the hidden states that the method reads, first to last; an empty list takes all.</summary>
    [OptionRange(0, 1023)]
    public OptionList<int> Layers { get; init; } = [];
}
