using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Loop;
using UniPT.Training.Planning;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Benchmarks.Systems;

/// <summary>
/// One of the five systems that UniPT was published on, at its published size with random weights, tuned by a method: what a training
/// step of it costs, on random inputs of the published shapes.
/// </summary>
internal abstract class PublishedSystem : TrainingTask
{
    private static readonly TrainOptions Options = new() { ClipNorm = 1 };
    private readonly List<TunedBackbone> _tuned = [];
    private readonly List<WeightStore> _backbones = [];
    private readonly Device? _device;
    private int _batch;

    /// <summary>The system with a method.</summary>
    /// <param name="method">Its name, as in recipes.</param>
    /// <param name="precision">What frozen backbones compute in.</param>
    /// <param name="device">Where its weights are; null for the CPU.</param>
    protected PublishedSystem(string method, ScalarType precision, Device? device = null)
    {
        (Method, Precision, _device) = (method, precision, device);
        Trained = Weights.Fresh(1, device);
    }

    /// <summary>Examples of a step as published, on all GPUs together.</summary>
    internal abstract int PublishedBatch { get; }

    /// <summary>What stands beside the figures: the sizes of an example.</summary>
    internal abstract string Example { get; }

    /// <summary>Parameters that train.</summary>
    internal long TrainableParameters => ParameterGroups.Sum(group => group.Parameters.Values.Sum(parameter => parameter.numel()));

    /// <summary>Bytes of the weights that train.</summary>
    internal long TrainedBytes => ParameterGroups.Sum(group => group.Parameters.Values.Sum(parameter => parameter.ByteCount()));

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ParameterGroup> ParameterGroups => [new(
        _backbones.SelectMany((store, i) => store.Trainable.Select(pair => KeyValuePair.Create($"backbone.{i}.{pair.Key}", pair.Value)))
            .Concat(Trained.Store.Trainable).ToDictionary(), 1e-4)];

    /// <inheritdoc/>
    public sealed override IReadOnlyDictionary<string, Tensor> State => ParameterGroups[0].Parameters.ToDictionary(pair => pair.Key, pair => (Tensor)pair.Value);

    /// <inheritdoc/>
    public sealed override long WeightBytes => _backbones.Sum(store => store.ByteCount) + Trained.Store.ByteCount;

    /// <inheritdoc/>
    public sealed override int StepsPerEpoch => int.MaxValue;

    /// <summary>The method's name.</summary>
    protected string Method { get; }

    /// <summary>What frozen backbones compute in.</summary>
    protected ScalarType Precision { get; }

    /// <summary>The place of what the method and the task add.</summary>
    protected Weights Trained { get; }

    /// <summary>Takes steps of so many examples.</summary>
    /// <param name="batch">Examples of each.</param>
    /// <param name="steps">How many.</param>
    /// <param name="early">As <see cref="StepProbe.Take"/> has it.</param>
    internal StepProbe Probe(int batch, int steps = 1, bool early = true)
    {
        _batch = batch;
        return StepProbe.Take(this, Options, CPU, steps, early);
    }

    /// <summary>Plans a step as `unipt plan` does, from steps of two smaller batches.</summary>
    /// <param name="batch">Examples of the step that is planned.</param>
    /// <param name="probes">The two batches.</param>
    internal MemoryPlan Plan(int batch, (int Few, int Many) probes) => MemoryPlan.Through(
        Method, batch, TrainableParameters, (probes.Few, Probe(probes.Few)), (probes.Many, Probe(probes.Many)));

    /// <inheritdoc/>
    public sealed override int ExamplesOf(int stepInEpoch) => _batch;

    /// <inheritdoc/>
    public sealed override IDisposable Prepare(int epoch, int stepInEpoch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, Tensor> parts = Inputs(_batch);
        scope.MoveAllToOuter([.. parts.Values]);
        return new Batch(parts);
    }

    /// <inheritdoc/>
    public sealed override LossTerms Loss(IDisposable prepared, int epoch, int stepInEpoch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return new LossTerms(new LossTerm("loss", scope.MoveToOuter(Loss(((Batch)prepared).Parts))));
    }

    /// <inheritdoc/>
    public sealed override void SetTraining(bool training)
    {
        Trained.Store.train(training);
        _tuned.ForEach(tuned => tuned.train(training));
    }

    /// <inheritdoc/>
    public sealed override (double Score, IReadOnlyDictionary<string, double> Figures) Validate(CancellationToken cancellation) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void SaveAdapter(string folder) => throw new NotSupportedException();

    /// <inheritdoc/>
    public sealed override void Dispose()
    {
        Trained.Store.Dispose();
        _backbones.ForEach(store => store.Dispose());
    }

    /// <summary>Random inputs by name.</summary>
    protected abstract Dictionary<string, Tensor> Inputs(int batch);

    /// <summary>The loss of such inputs.</summary>
    protected abstract Tensor Loss(IReadOnlyDictionary<string, Tensor> inputs);

    /// <summary>Where the weights of a pretrained backbone would stand, frozen unless all of it is to train.</summary>
    protected Weights Pretrained()
    {
        Weights weights = Weights.Fresh(_backbones.Count, _device, trainable: Method == "full");
        _backbones.Add(weights.Store);
        return weights;
    }

    /// <summary>Attaches the method to a stream and, where it only reads the backbone, lets that compute in the cell's precision.</summary>
    protected TunedBackbone Attach(BackboneStream stream, string name, TuningMethod method, int? output)
    {
        TunedBackbone tuned = method.Attach(stream, Trained / name, output);
        if (Precision != ScalarType.Float32)
        {
            tuned.ConvertBackbone(Precision);
        }

        _tuned.Add(tuned);
        return tuned;
    }

    /// <summary>A method with the options that it has where a recipe gives none.</summary>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    protected static TuningMethod Unchanged(string method) => TuningRegistry.Methods.TryGetValue(method, out TuningRegistration? known)
        ? known.Create(Activator.CreateInstance(known.Options)!)
        : throw new ArgumentException($"There is no method {method}; known are {string.Join(", ", TuningRegistry.Methods.Keys)}.");

    private sealed record Batch(Dictionary<string, Tensor> Parts) : IDisposable
    {
        public void Dispose()
        {
            foreach (Tensor tensor in Parts.Values)
            {
                tensor.Dispose();
            }
        }
    }
}
