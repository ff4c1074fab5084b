namespace UniPT.Training.Loop;

/// <summary>What a step tells.</summary>
/// <param name="Position">After the step.</param>
/// <param name="Loss">Its loss, the mean over its examples.</param>
/// <param name="GradientNorm">Before clipping; 0 where clipping is off.</param>
/// <param name="LearningRate">Its rate.</param>
/// <param name="Examples">Its examples.</param>
/// <param name="Seconds">Its duration, waiting for data included.</param>
/// <param name="Memory">Its peak, from the forward to the optimizer's last change.</param>
public sealed record StepResult(
    TrainingPosition Position,
    double Loss,
    double GradientNorm,
    double LearningRate,
    int Examples,
    double Seconds,
    StepMemory Memory)
{
    /// <summary>The parts of the loss by name; none where it has only one.</summary>
    public IReadOnlyDictionary<string, double> Terms { get; init; } = new Dictionary<string, double>();
}

/// <summary>What an evaluation tells, at the end of an epoch or within it.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Score">What selection goes by.</param>
/// <param name="Best">Whether it is the highest so far.</param>
/// <param name="Figures">All figures by name.</param>
/// <param name="Seconds">Training time of the epoch so far, without evaluations.</param>
public sealed record EpochResult(
    int Epoch, long Step, double Score, bool Best, IReadOnlyDictionary<string, double> Figures, double Seconds);
