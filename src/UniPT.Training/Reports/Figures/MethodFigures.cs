using UniPT.Training.Loop;

namespace UniPT.Training.Reports.Figures;

/// <summary>What training one method took and what it achieved.</summary>
/// <param name="Method">The method's registered name.</param>
/// <param name="Label">What readers see; differs between methods of one report.</param>
/// <param name="Conditions">What it was trained under.</param>
/// <param name="Seeds">A run for each.</param>
/// <param name="TrainableParameters">Parameters that training changes.</param>
/// <param name="TotalParameters">All parameters, frozen ones included.</param>
/// <param name="StepMemory">The training step that held the most tensor bytes.</param>
/// <param name="TensorPeakBytes">The most bytes in tensors at any moment of the run, as the allocator counts them.</param>
/// <param name="ProcessPeakBytes">The most memory that the process held; null where it was not the method's alone.</param>
/// <param name="SecondsPerEpoch">Training time of an epoch without its evaluation; NaN where none was completed.</param>
/// <param name="Recalls">On the test split; null where training failed.</param>
/// <param name="BestEpochs">The epoch that was kept, from 0, one for each seed.</param>
/// <param name="Note">What readers must know beside the figures.</param>
public sealed record MethodFigures(
    string Method,
    string Label,
    TrainingConditions Conditions,
    IReadOnlyList<int> Seeds,
    long TrainableParameters,
    long TotalParameters,
    StepMemory StepMemory,
    long TensorPeakBytes,
    long? ProcessPeakBytes,
    double SecondsPerEpoch,
    RecallFigures? Recalls,
    IReadOnlyList<int> BestEpochs,
    string? Note = null);
