using UniPT.Torch;
using UniPT.Torch.Randomness;
using UniPT.Training.Contracts;
using UniPT.Training.Models;
using UniPT.Training.Recipes;

namespace UniPT.Training.Loop;

/// <summary>A task's model and data as the loop sees them.</summary>
internal class TaskTraining(LearningTask task, Recipe recipe, TaskModel model, TaskData data, HiddenStateReader reader, Action<string> saveAdapter) : TrainingTask
{
    private readonly TrainOptions _options = recipe.Train;
    private readonly long _seed = recipe.Seed;
    private EpochPlan? _plan;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterGroup> ParameterGroups => TrainedParameters.Groups(model, _options);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State => model.TrainedState();

    /// <inheritdoc/>
    public override long WeightBytes => model.WeightBytes;

    /// <inheritdoc/>
    public override int StepsPerEpoch
    {
        get
        {
            (int full, int rest) = Math.DivRem(data.TrainingExamples, _options.BatchSize);
            return rest > 0 && (!_options.DropLast || full == 0) ? full + 1 : full;
        }
    }

    /// <inheritdoc/>
    public override int ExamplesOf(int stepInEpoch) => Math.Min(_options.BatchSize, data.TrainingExamples - (stepInEpoch * _options.BatchSize));

    /// <inheritdoc/>
    public override IEnumerable<string> Begin()
    {
        FisherInformation.Start(model, task, data);
        return data.Begin(model, reader);
    }

    /// <inheritdoc/>
    public override IDisposable Prepare(int epoch, int stepInEpoch) =>
        data.Prepare(Order(epoch).AsSpan(stepInEpoch * _options.BatchSize, ExamplesOf(stepInEpoch)).ToArray(), epoch, reader);

    /// <inheritdoc/>
    public override LossTerms Loss(IDisposable prepared, int epoch, int stepInEpoch)
    {
        using IDisposable mixed = MixedPrecision.Use(_options.MixedPrecision);
        var random = new CounterRandom(StepSeed.Of(_seed, ((long)epoch * StepsPerEpoch) + stepInEpoch));
        var step = new StepContext(epoch, stepInEpoch / (double)StepsPerEpoch, () => random.NextDouble());
        return new LossTerms(data.Loss(model, (PreparedBatch)prepared, reader, step));
    }

    /// <inheritdoc/>
    public override void SetTraining(bool training) => model.SetTraining(training);

    /// <inheritdoc/>
    public override (double Score, IReadOnlyDictionary<string, double> Figures) Validate(CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, double> figures = data.Evaluate([model], "val", reader, cancellation)[0];
        return (task.Primary.Merit(figures[task.Primary.Name]), figures);
    }

    /// <inheritdoc/>
    public override void SaveAdapter(string folder) => saveAdapter(folder);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private int[] Order(int epoch)
    {
        // Several threads may make the same plan; it is the same for all of them.
        EpochPlan? plan = Volatile.Read(ref _plan);
        if (plan?.Epoch != epoch)
        {
            plan = new EpochPlan(epoch, EpochOrder.Permutation(_seed, epoch, data.TrainingExamples));
            Volatile.Write(ref _plan, plan);
        }

        return plan.Examples;
    }

    private sealed record EpochPlan(int Epoch, int[] Examples);
}
