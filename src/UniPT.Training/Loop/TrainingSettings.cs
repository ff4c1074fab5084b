using UniPT.Torch;

namespace UniPT.Training.Loop;

/// <summary>What the loop needs to know besides the task.</summary>
/// <param name="Seed">Of the run.</param>
/// <param name="Epochs">How many.</param>
/// <param name="Schedule">The learning rate.</param>
/// <param name="ClipNorm">Largest joint norm of the gradients; 0: no clipping.</param>
/// <param name="Workers">Threads that prepare steps.</param>
/// <param name="MaxSteps">Steps after which to stop; 0: no limit.</param>
/// <param name="CheckpointEverySteps">Besides the one at each epoch's end; 0: none.</param>
/// <param name="EvaluateEveryEpochs">Epochs between evaluations; the last epoch is always evaluated.</param>
/// <param name="Device">Whose tensors the memory figures count; the CPU if null.</param>
public sealed record TrainingSettings(
    long Seed,
    int Epochs,
    LearningRateSchedule Schedule,
    double ClipNorm,
    int Workers,
    int MaxSteps,
    int CheckpointEverySteps,
    int EvaluateEveryEpochs,
    Device? Device = null);
