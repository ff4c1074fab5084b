using UniPT.Training.Loop;

namespace UniPT.Training.Planning;

/// <summary>
/// What training steps of a recipe will hold in tensors. Weights, gradients and optimizer state do not depend on the
/// batch. At every moment of a step the rest grows with the batch in a straight line; which moment is the fullest depends on
/// the batch, so there is a line for each of the two that come into question.
/// </summary>
/// <param name="Method">The tuning method.</param>
/// <param name="BatchSize">That of the recipe.</param>
/// <param name="TrainableParameters">Trained weights.</param>
/// <param name="Fixed">A step without activations.</param>
/// <param name="Early">Activations at the peak, if that is while there are hardly any gradients; null where they were not measured.</param>
/// <param name="Late">Activations at the peak, if that is when most gradients are there; null where they were not measured.</param>
public sealed record MemoryPlan(
    string Method, int BatchSize, long TrainableParameters, StepMemory Fixed, MemoryLine? Early, MemoryLine? Late)
{
    /// <summary>Draws the lines through steps of two batches.</summary>
    /// <param name="method">The tuning method.</param>
    /// <param name="batchSize">Examples of the step that is planned.</param>
    /// <param name="trainableParameters">Trained weights.</param>
    /// <param name="few">A batch and its steps.</param>
    /// <param name="many">A larger batch and its steps.</param>
    /// <param name="perExample">Bytes that every example adds and the steps do not show, as what is prepared for a later one.</param>
    public static MemoryPlan Through(
        string method, int batchSize, long trainableParameters, (int Batch, StepProbe Probe) few, (int Batch, StepProbe Probe) many, long perExample = 0)
    {
        StepMemory fixedPart = many.Probe.Step with { Activations = many.Probe.Step.Activations is null ? null : 0 };
        return new MemoryPlan(method, batchSize, trainableParameters, fixedPart, Line(probe => probe.Early), Line(probe => probe.Step.Activations));

        MemoryLine? Line(Func<StepProbe, long?> activations)
        {
            if (activations(few.Probe) is not { } less || activations(many.Probe) is not { } more)
            {
                return null;
            }

            MemoryLine line = MemoryLine.Through(few.Batch, less, many.Batch, more);
            return line with { PerExample = line.PerExample + perExample };
        }
    }

    /// <summary>
    /// The plan of a network that is too large to be run here, from those of the same network with fewer layers of the same width: activations grow with the layers in
    /// a straight line; weights and what is of their size are counted from shapes, as <see cref="UniPT.Torch.Weights.Meta"/> gives them.
    /// </summary>
    /// <param name="layers">Layers of the large network.</param>
    /// <param name="trainableParameters">Its trained weights.</param>
    /// <param name="fixedPart">A step of it without activations.</param>
    /// <param name="shallow">A number of layers and the plan of the network with so many.</param>
    /// <param name="deeper">The same of a network with more layers.</param>
    public static MemoryPlan OfDepth(
        int layers, long trainableParameters, StepMemory fixedPart, (int Layers, MemoryPlan Plan) shallow, (int Layers, MemoryPlan Plan) deeper)
    {
        return new MemoryPlan(
            shallow.Plan.Method, shallow.Plan.BatchSize, trainableParameters, fixedPart, Line(shallow.Plan.Early, deeper.Plan.Early), Line(shallow.Plan.Late, deeper.Plan.Late));

        MemoryLine? Line(MemoryLine? of, MemoryLine? ofDeeper) => of is null || ofDeeper is null
            ? null
            : new MemoryLine(Along(of.Fixed, ofDeeper.Fixed), Along(of.PerExample, ofDeeper.PerExample));

        double Along(double less, double more) => less + ((more - less) / (deeper.Layers - shallow.Layers) * (layers - shallow.Layers));
    }

    /// <summary>A step of the recipe's batch.</summary>
    public StepMemory Step => At(BatchSize);

    /// <summary>A step of some batch; its activations are null where they were not measured.</summary>
    public StepMemory At(int batch) => Fixed with
    {
        // A line that was drawn through larger batches may end below 0.
        Activations = Early is null || Late is null ? null : (long)Math.Max(0, Math.Max(Early.At(batch), Late.At(batch))),
    };

    /// <summary>The largest batch whose step fits into some bytes; null where activations were not measured.</summary>
    /// <exception cref="UserException">Not even one example fits.</exception>
    public int? LargestBatch(long budget)
    {
        if (Early is null || Late is null || Fixed.Peak is not { } rest)
        {
            return null;
        }

        if (At(1).Peak is { } least && least > budget)
        {
            throw new UserException(
                $"{Method} does not fit into {ByteSize.Format(budget)}: a step of one example needs {ByteSize.Format(least)}, {ByteSize.Format(Fixed.Weights)} of them for weights.");
        }

        // A line may be flat.
        double Most(MemoryLine line) => (budget - rest - line.Fixed) / Math.Max(line.PerExample, 1);
        return (int)Math.Clamp(Math.Min(Most(Early), Most(Late)), 1, 65536);
    }
}
