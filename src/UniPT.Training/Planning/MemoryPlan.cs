using UniPT.Training.Loop;

namespace UniPT.Training.Planning;

/// <summary>
/// What training steps of a recipe will hold in tensors. Weights, gradients and optimizer state do not depend on the
/// batch; activations grow with it in a straight line, which two probe steps of small batches tell.
/// </summary>
/// <param name="Method">The tuning method.</param>
/// <param name="BatchSize">That of the recipe.</param>
/// <param name="TrainableParameters">Trained weights.</param>
/// <param name="Fixed">A step of no examples.</param>
/// <param name="ActivationsPerExample">Bytes that every further example adds.</param>
public sealed record MemoryPlan(string Method, int BatchSize, long TrainableParameters, StepMemory Fixed, double ActivationsPerExample)
{
    /// <summary>A step of the recipe's batch.</summary>
    public StepMemory Step => At(BatchSize);

    /// <summary>A step of some batch.</summary>
    public StepMemory At(int batch) =>
        Fixed with { Activations = Math.Max(0, Fixed.Activations + (long)(ActivationsPerExample * batch)) };

    /// <summary>The largest batch whose step fits into some bytes.</summary>
    /// <exception cref="UserException">Not even one example fits.</exception>
    public int LargestBatch(long budget)
    {
        if (At(1).Peak > budget)
        {
            throw new UserException(
                $"{Method} does not fit into {ByteSize.Format(budget)}: a step of one example needs {ByteSize.Format(At(1).Peak)}, {ByteSize.Format(Fixed.Weights)} of them for weights.");
        }

        // The line may be flat.
        double most = (budget - Fixed.Peak) / Math.Max(ActivationsPerExample, 1);
        return (int)Math.Clamp(most, 1, 65536);
    }
}
