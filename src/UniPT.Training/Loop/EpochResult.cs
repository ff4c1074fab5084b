namespace UniPT.Training.Loop;

/// <summary>What an evaluation tells, at the end of an epoch or within it.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Score">What selection goes by.</param>
/// <param name="Best">Whether it is the highest so far.</param>
/// <param name="Figures">All figures by name.</param>
/// <param name="Seconds">Training time of the epoch so far, without evaluations.</param>
public sealed record EpochResult(
    int Epoch, long Step, double Score, bool Best, IReadOnlyDictionary<string, double> Figures, double Seconds);
