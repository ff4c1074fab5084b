using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Gates;

/// <summary>The published gate with a vector of the task added to the anchor's mean, so that a layer may count whatever the example.</summary>
internal sealed class TaskGate : LayerGate
{
    private readonly Tensor _task;
    private readonly ConfidenceGate _gate;

    /// <summary>Takes <c>task [width]</c>, which starts at 0, and the linear map to one number.</summary>
    public TaskGate(Weights weights, long width)
    {
        _task = weights.Parameter("task", Initializers.Zeros, width);
        _gate = new ConfidenceGate(weights, width);
        Parameters = weights.Parameters;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Parameters { get; }

    /// <inheritdoc/>
    public override Tensor Scores(int first, Tensor anchorMean, Tensor targetMeans) => _gate.Scores(first, anchorMean.Add(_task), targetMeans);
}
