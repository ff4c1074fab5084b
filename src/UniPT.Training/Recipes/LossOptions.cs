namespace UniPT.Training.Recipes;

/// <summary>What is minimised.</summary>
public sealed record LossOptions
{
    /// <summary>Which loss.</summary>
    public LossKind Kind { get; init; } = LossKind.Hinge;

    /// <summary>Margin of the hinge loss.</summary>
    [OptionRange(0, 2)]
    public double Margin { get; init; } = 0.2;

    /// <summary>Epochs in which the hinge loss sums over all negatives before it takes the hardest.</summary>
    [OptionRange(0, 100_000)]
    public int SumEpochs { get; init; } = 1;

    /// <summary>Whether the hinge loss grows from 0 to full size in the first epoch of hardest negatives.</summary>
    public bool Ramp { get; init; } = true;

    /// <summary>Temperature of InfoNCE, or where it starts when it is learned.</summary>
    [OptionRange(0.001, 100)]
    public double Temperature { get; init; } = 0.07;

    /// <summary>Whether InfoNCE's temperature is trained.</summary>
    public bool LearnTemperature { get; init; }
}
