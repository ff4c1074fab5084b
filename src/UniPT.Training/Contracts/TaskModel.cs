using UniPT.Torch;
using UniPT.Tuning;

namespace UniPT.Training.Contracts;

/// <summary>What a task's model is made of.</summary>
/// <param name="Tuned">The tuned streams by the names of the backbones that the task needs.</param>
/// <param name="Weights">The place of everything that is new: methods stand at <c>{backbone}.method</c>, a head wherever the task wants it.</param>
/// <param name="SharesBackbones">Whether the backbones belong to another model, which frees them.</param>
/// <param name="Content">What the data said that the model needs, as <see cref="TaskData.Content"/>, or an adapter kept of it.</param>
public sealed record ModelParts(
    IReadOnlyDictionary<string, TunedBackbone> Tuned,
    Weights Weights,
    bool SharesBackbones,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Content);

/// <summary>
/// A task's model: tuned streams and a head. It owns everything that is trained and, unless another model does, the weights of the
/// backbones.
/// </summary>
/// <param name="parts">What it is made of.</param>
public abstract class TaskModel(ModelParts parts) : IDisposable
{
    /// <summary>The tuned streams by the names of the backbones that the task needs.</summary>
    public IReadOnlyDictionary<string, TunedBackbone> Tuned { get; } = parts.Tuned;

    /// <summary>The weights that the methods and the head made.</summary>
    public WeightStore Trained { get; } = parts.Weights.Store;

    /// <summary>Whether the backbones belong to another model, which frees them.</summary>
    public bool SharesBackbones { get; } = parts.SharesBackbones;

    /// <summary>What an adapter must hold beside weights and options, such as the labels of classes.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Content { get; } = parts.Content;

    /// <summary>Number of weights that training changes.</summary>
    public long TrainableParameters => Stores.Sum(store => store.Trainable.Sum(pair => pair.Value.numel()));

    /// <summary>Number of all weights.</summary>
    public long TotalParameters => Stores.Sum(store => store.ParameterCount);

    /// <summary>Whether training changes the hidden states of a backbone, or a frozen one's dropout acts in it.</summary>
    public bool ChangesHiddenStates =>
        Tuned.Values.Any(tuned => tuned.ChangesHiddenStates || tuned.Backbone.HasRunningStatistics || tuned.Backbone.Store.FollowsTraining);

    /// <summary>Bytes of all weights and buffers.</summary>
    public long WeightBytes => Stores.Sum(store => store.ByteCount);

    private IEnumerable<WeightStore> Stores => Tuned.Values.Select(tuned => tuned.Backbone.Store).Prepend(Trained).Distinct();

    /// <summary>
    /// What fixed inputs give, by name, in the current scope: saved with an adapter, which must give it again where it is loaded. Called in
    /// evaluation, without recording.
    /// </summary>
    public abstract IReadOnlyDictionary<string, Tensor> Probe();

    /// <summary>
    /// What an adapter or a run's state holds: the trained store, and the backbones' parameters that train and statistics that run, by the prefix
    /// <c>{backbone}_backbone.</c>.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> TrainedState()
    {
        var state = new Dictionary<string, Tensor>(Trained.State(), StringComparer.Ordinal);
        foreach ((string backbone, TunedBackbone tuned) in Tuned)
        {
            WeightStore store = tuned.Backbone.Store;
            IEnumerable<KeyValuePair<string, Tensor>> statistics = tuned.Backbone.HasRunningStatistics ? store.Buffers : [];
            foreach ((string name, Tensor tensor) in store.Trainable.Select(pair => KeyValuePair.Create(pair.Key, (Tensor)pair.Value)).Concat(statistics))
            {
                state.Add(BackbonePrefix(backbone) + name, tensor);
            }
        }

        return state;
    }

    /// <summary>Copies a state as <see cref="TrainedState"/> gives it.</summary>
    /// <exception cref="UserException">Names or shapes do not fit.</exception>
    public void LoadTrainedState(IReadOnlyDictionary<string, Tensor> state, string origin) => StateCheck.CopyInto(TrainedState(), state, origin);

    /// <summary>Training or evaluation; a backbone that the method only reads stays in evaluation, unless its statistics run.</summary>
    public void SetTraining(bool training)
    {
        Trained.train(training);
        foreach (TunedBackbone tuned in Tuned.Values)
        {
            tuned.train(training);
        }
    }

    /// <summary>Frees all weights that it owns.</summary>
    public virtual void Dispose()
    {
        foreach (WeightStore store in SharesBackbones ? [Trained] : Stores.ToArray())
        {
            store.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>What stands in front of the names of a backbone's own weights.</summary>
    internal static string BackbonePrefix(string backbone) => $"{backbone}_backbone.";
}
