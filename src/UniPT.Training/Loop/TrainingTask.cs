using UniPT.Torch;

namespace UniPT.Training.Loop;

/// <summary>What the training loop asks of a task. Everything is a pure function of (seed, epoch, step).</summary>
public abstract class TrainingTask : IDisposable
{
    /// <summary>What the optimizer changes.</summary>
    public abstract IReadOnlyList<ParameterGroup> ParameterGroups { get; }

    /// <summary>Parameters and buffers that training changes: what a checkpoint holds.</summary>
    public abstract IReadOnlyDictionary<string, Tensor> State { get; }

    /// <summary>Bytes of all weights, frozen ones included.</summary>
    public abstract long WeightBytes { get; }

    /// <summary>Steps of one epoch.</summary>
    public abstract int StepsPerEpoch { get; }

    /// <summary>Examples of a step.</summary>
    public abstract int ExamplesOf(int stepInEpoch);

    /// <summary>Sets initial weights that depend on the data; called once, before the first step of a run.</summary>
    /// <returns>What whoever trains should know, a sentence each.</returns>
    public virtual IEnumerable<string> Begin() => [];

    /// <summary>Loads and decodes a step's examples; called on several threads, ahead of the step.</summary>
    public abstract IDisposable Prepare(int epoch, int stepInEpoch);

    /// <summary>The loss of a prepared step, recorded, in the current scope.</summary>
    public abstract LossTerms Loss(IDisposable prepared, int epoch, int stepInEpoch);

    /// <summary>Switches between training and evaluation.</summary>
    public abstract void SetTraining(bool training);

    /// <summary>The validation figures by name and the score to select by, of which more is better.</summary>
    public abstract (double Score, IReadOnlyDictionary<string, double> Figures) Validate(CancellationToken cancellation);

    /// <summary>Writes what was trained so far as an adapter folder.</summary>
    public abstract void SaveAdapter(string folder);

    /// <inheritdoc/>
    public abstract void Dispose();
}
