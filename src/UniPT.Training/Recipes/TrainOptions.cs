namespace UniPT.Training.Recipes;

/// <summary>The training loop and its optimizer. A step is one change of the weights.</summary>
public sealed record TrainOptions
{
    /// <summary>Passes over the training split, where steps does not say how long the run is.</summary>
    [OptionRange(1, 100_000)]
    public int Epochs { get; init; } = 25;

    /// <summary>Length of the run in steps, which stands over epochs; 0 for none.</summary>
    [OptionRange(0, 1_000_000_000)]
    public int Steps { get; init; }

    /// <summary>Examples a batch.</summary>
    [OptionRange(1, 65_536)]
    public int BatchSize { get; init; } = 112;

    /// <summary>
    /// Batches whose gradients make up one step, each with the weight that its examples have among theirs: for a loss that is a mean over
    /// examples the same as a batch of them all. At an epoch's end what is left makes up a step.
    /// </summary>
    [OptionRange(1, 65_536)]
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Whether the last batch of an epoch is left out when it is not full.</summary>
    public bool DropLast { get; init; }

    /// <summary>How gradients change weights.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adamw;

    /// <summary>Peak learning rate.</summary>
    [OptionRange(0, 10)]
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>Factor on the learning rate of backbone weights, for methods that train them.</summary>
    [OptionRange(0, 100)]
    public double BackboneLearningRateFactor { get; init; } = 0.1;

    /// <summary>Weight decay.</summary>
    [OptionRange(0, 10)]
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Groups of trained weights with rules of their own, by any name.</summary>
    public OptionMap<WeightGroup> Groups { get; init; } = new();

    /// <summary>The optimizer's decay of the mean gradient.</summary>
    [OptionRange(0, 0.999999)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The optimizer's decay of the mean squared gradient.</summary>
    [OptionRange(0, 0.999999)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The optimizer's addend to the denominator.</summary>
    [OptionRange(1e-16, 1)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Largest L2 norm of the gradient over all trained weights; 0 never clips.</summary>
    [OptionRange(0, 1e6)]
    public double ClipNorm { get; init; } = 2;

    /// <summary>Largest L2 norm of the gradient of each trained tensor on its own, after clip_norm; 0 never clips.</summary>
    [OptionRange(0, 1e6)]
    public double ClipTensorNorm { get; init; }

    /// <summary>
    /// What an exponential moving average of the weights keeps of itself at each step; evaluations and the saved adapter then take the
    /// average, and training goes on with the weights. MDETR's is 0.9998; 0 for none.
    /// </summary>
    [OptionRange(0, 0.999999)]
    public double EmaDecay { get; init; }

    /// <summary>
    /// Whether linear maps and convolutions that gradients flow through take their products in bf16 while training; weights, gradients and evaluations stay
    /// float32. For processors and GPUs that are fast at it. Hidden states of frozen backbones have the type of precision, which saves memory too.
    /// </summary>
    public bool MixedPrecision { get; init; }

    /// <summary>How the learning rate goes.</summary>
    public Schedule Schedule { get; init; } = Schedule.Constant;

    /// <summary>Steps over which the learning rate rises from 0.</summary>
    [OptionRange(0, 1_000_000_000)]
    public int WarmupSteps { get; init; }

    /// <summary>The same as a share of all steps of the run.</summary>
    [OptionRange(0, 1)]
    public double WarmupShare { get; init; }

    /// <summary>Epochs, counted from 0, at whose start the schedules step and step_late lower the learning rate.</summary>
    [OptionRange(1, 100_000)]
    public OptionList<int> StepEpochs { get; init; } = [];

    /// <summary>Factor of the schedules step and step_late.</summary>
    [OptionRange(0, 1)]
    public double StepFactor { get; init; } = 0.1;

    /// <summary>Steps after which training ends early, with the rates of the whole length; 0 for no limit.</summary>
    [OptionRange(0, 1_000_000_000)]
    public int MaxSteps { get; init; }

    /// <summary>Steps from one checkpoint to the next, besides the one at each epoch's end; 0 for none.</summary>
    [OptionRange(0, 1_000_000_000)]
    public int CheckpointEverySteps { get; init; }

    /// <summary>Epochs from one evaluation on the validation split to the next.</summary>
    [OptionRange(1, 100_000)]
    public int EvaluateEveryEpochs { get; init; } = 1;

    /// <summary>Steps from one such evaluation to the next, in place of epochs; 0 for by epochs. The end of training is always evaluated.</summary>
    [OptionRange(0, 1_000_000_000)]
    public int EvaluateEverySteps { get; init; }

    /// <summary>Evaluations in a row without a better score after which training ends; 0 for never.</summary>
    [OptionRange(0, 100_000)]
    public int EarlyStop { get; init; }

    /// <summary>
    /// Whether hidden states of all inputs are computed once and kept, where these are not varied, instead of
    /// running the frozen backbones every epoch; runs of a comparison that read the same share them.
    /// </summary>
    public bool Cache { get; init; }
}
