namespace UniPT.Training.Loop;

/// <summary>
/// What a training step holds in tensors at its peak, in bytes. The parts add up to the peak: gradients are those of
/// the parameters, and activations are everything else that lives at that moment. What was not measured is null: activations
/// where libtorch cannot be observed, gradients too where no step was done.
/// </summary>
/// <param name="Weights">Frozen and trainable weights and buffers.</param>
/// <param name="Activations">What forward keeps for backward, inputs, and temporaries.</param>
/// <param name="Gradients">The parameters' gradients.</param>
/// <param name="Optimizer">The optimizer's state.</param>
public sealed record StepMemory(long Weights, long? Activations, long? Gradients, long Optimizer)
{
    /// <summary>All parts together; null where one of them was not measured.</summary>
    public long? Peak => Weights + Activations + Gradients + Optimizer;

    /// <summary>The larger of two steps; one that was not measured is smaller than any other.</summary>
    public static StepMemory Larger(StepMemory? left, StepMemory right) =>
        left is null || (right.Peak ?? -1) > (left.Peak ?? -1) ? right : left;
}
