namespace UniPT.Training.Loop;

/// <summary>
/// What a training step holds in tensors at its peak, in bytes. The parts add up to the peak: gradients are those of
/// the parameters, and activations are everything else that lives at that moment.
/// </summary>
/// <param name="Weights">Frozen and trainable weights and buffers.</param>
/// <param name="Activations">What forward keeps for backward, inputs, and temporaries.</param>
/// <param name="Gradients">The parameters' gradients.</param>
/// <param name="Optimizer">The optimizer's state.</param>
public sealed record StepMemory(long Weights, long Activations, long Gradients, long Optimizer)
{
    /// <summary>All parts together.</summary>
    public long Peak => Weights + Activations + Gradients + Optimizer;

    /// <summary>The larger of two steps.</summary>
    public static StepMemory Larger(StepMemory? left, StepMemory right) => left is null || right.Peak > left.Peak ? right : left;
}
