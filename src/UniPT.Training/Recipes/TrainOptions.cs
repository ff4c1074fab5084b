namespace UniPT.Training.Recipes;

/// <summary>The training loop and its optimizer, AdamW.</summary>
public sealed record TrainOptions
{
    /// <summary>Passes over the training split.</summary>
    [OptionRange(1, 100_000)]
    public int Epochs { get; init; } = 25;

    /// <summary>Examples a step.</summary>
    [OptionRange(1, 65_536)]
    public int BatchSize { get; init; } = 112;

    /// <summary>Whether the last batch of an epoch is left out when it is not full.</summary>
    public bool DropLast { get; init; }

    /// <summary>Peak learning rate.</summary>
    [OptionRange(0, 10)]
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Factor on the learning rate of backbone weights, for methods that train them.</summary>
    [OptionRange(0, 100)]
    public double BackboneLearningRateFactor { get; init; } = 0.1;

    /// <summary>Decoupled weight decay.</summary>
    [OptionRange(0, 10)]
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>AdamW's decay of the mean gradient.</summary>
    [OptionRange(0, 0.999999)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW's decay of the mean squared gradient.</summary>
    [OptionRange(0, 0.999999)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>AdamW's addend to the denominator.</summary>
    [OptionRange(1e-16, 1)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Largest L2 norm of the gradient over all trained weights; 0 never clips.</summary>
    [OptionRange(0, 1e6)]
    public double ClipNorm { get; init; } = 2;

    /// <summary>How the learning rate goes after the warm-up.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>Steps over which the learning rate rises from 0.</summary>
    [OptionRange(0, 1_000_000_000)]
    public int WarmupSteps { get; init; }

    /// <summary>Epochs, counted from 0, at whose start the step schedule lowers the learning rate.</summary>
    [OptionRange(1, 100_000)]
    public OptionList<int> StepEpochs { get; init; } = [];

    /// <summary>Factor of the step schedule.</summary>
    [OptionRange(0, 1)]
    public double StepFactor { get; init; } = 0.1;

    /// <summary>Steps after which training ends even within an epoch; 0 for no limit.</summary>
    [OptionRange(0, 1_000_000_000)]
    public int MaxSteps { get; init; }

    /// <summary>Steps from one checkpoint to the next, besides the one at each epoch's end; 0 for none.</summary>
    [OptionRange(0, 1_000_000_000)]
    public int CheckpointEverySteps { get; init; }

    /// <summary>Epochs from one evaluation on the validation split to the next.</summary>
    [OptionRange(1, 100_000)]
    public int EvaluateEveryEpochs { get; init; } = 1;

    /// <summary>
    /// Whether hidden states of all inputs are computed once and kept, where these are not varied, instead of
    /// running the frozen backbones every epoch; runs of a comparison that read the same share them.
    /// </summary>
    public bool Cache { get; init; }
}
