namespace UniPT.Training.Loop;

/// <summary>Where a run is; with the weights and the optimizer's state all that a resumed run needs.</summary>
/// <param name="Epoch">The current epoch, from 0.</param>
/// <param name="StepInEpoch">Steps of it that are done.</param>
/// <param name="Step">Steps done in all.</param>
/// <param name="BestScore">Highest validation score so far; null before the first evaluation.</param>
/// <param name="BestEpoch">The epoch in or after which it was reached.</param>
/// <param name="EvaluatedStep">Steps that were done at the latest evaluation; 0 before the first.</param>
/// <param name="WithoutBetter">Evaluations since the one with the highest score.</param>
public sealed record TrainingPosition(
    int Epoch, int StepInEpoch, long Step, double? BestScore, int BestEpoch, long EvaluatedStep = 0, int WithoutBetter = 0)
{
    /// <summary>The start of a run.</summary>
    public static TrainingPosition Start { get; } = new(0, 0, 0, null, -1);
}
