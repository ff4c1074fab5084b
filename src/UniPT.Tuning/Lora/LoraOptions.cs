using UniPT.Backbones;
using UniPT.Tuning.BitFit;

namespace UniPT.Tuning.Lora;

/// <summary>What may be chosen about low-rank adaptation.</summary>
public sealed record LoraOptions
{
    /// <summary>Rank r of every update.</summary>
    [OptionRange(1, 4096)]
    public int Rank { get; init; } = 8;

    /// <summary>The update is multiplied by alpha / rank.</summary>
    [OptionRange(0.001, 1e6)]
    public double Alpha { get; init; } = 16;

    /// <summary>Share of the update's inputs that are left out at random while training.</summary>
    [OptionRange(0, 0.9)]
    public double Dropout { get; init; }

    /// <summary>Which linear maps are updated, of those that a backbone has: a Transformer's, a decoder's of its memory too, or a convolutional network's.</summary>
    public OptionList<LinearRole> Targets { get; init; } =
        [LinearRole.Query, LinearRole.Value, LinearRole.CrossQuery, LinearRole.CrossValue, LinearRole.Expand, LinearRole.Project];

    /// <summary>Which biases of the backbone train besides.</summary>
    public TrainedBiases Biases { get; init; }
}
