using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Model;

/// <summary>
/// Two towers into one space, in which the cosine is the similarity (VSE∞). It owns everything that is trained and, unless
/// another model does, the weights of both backbones.
/// </summary>
/// <param name="Image">The picture's side.</param>
/// <param name="Text">The caption's side.</param>
/// <param name="Trained">The weights that the method and the heads made.</param>
public sealed record RetrievalModel(RetrievalTower Image, RetrievalTower Text, WeightStore Trained) : IDisposable
{
    /// <summary>Whether the backbones belong to another model, which frees them.</summary>
    public bool SharesBackbones { get; init; }

    /// <summary>All stores.</summary>
    public IEnumerable<WeightStore> Stores => [Trained, Image.Tuned.Backbone.Store, Text.Tuned.Backbone.Store];

    /// <summary>Number of weights that training changes.</summary>
    public long TrainableParameters => Stores.Sum(store => store.Trainable.Sum(pair => pair.Value.numel()));

    /// <summary>Number of all weights.</summary>
    public long TotalParameters => Stores.Sum(store => store.ParameterCount);

    /// <summary>Whether training changes the hidden states of a backbone.</summary>
    public bool ChangesHiddenStates => Image.Tuned.ChangesHiddenStates || Text.Tuned.ChangesHiddenStates;

    /// <summary>Bytes of all weights and buffers.</summary>
    public long WeightBytes => Stores.Sum(store => store.ByteCount);

    /// <summary>
    /// What an adapter or a checkpoint holds: the trained store, and the backbones' parameters that train, by the prefixes
    /// <c>image_backbone.</c> and <c>text_backbone.</c>.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> TrainedState()
    {
        var state = new Dictionary<string, Tensor>(Trained.State(), StringComparer.Ordinal);
        foreach ((string prefix, RetrievalTower tower) in new[] { ("image_backbone.", Image), ("text_backbone.", Text) })
        {
            foreach ((string name, Tensor tensor) in tower.Tuned.Backbone.Store.Trainable)
            {
                state.Add(prefix + name, tensor);
            }
        }

        return state;
    }

    /// <summary>Copies a state as <see cref="TrainedState"/> gives it.</summary>
    /// <exception cref="UserException">Names or shapes do not fit.</exception>
    public void LoadTrainedState(IReadOnlyDictionary<string, Tensor> state, string origin) => StateCheck.CopyInto(TrainedState(), state, origin);

    /// <summary>Training or evaluation; a backbone that the method only reads stays in evaluation.</summary>
    public void SetTraining(bool training)
    {
        Trained.train(training);
        Image.Tuned.train(training);
        Text.Tuned.train(training);
    }

    /// <summary>Frees all weights that it owns.</summary>
    public void Dispose()
    {
        foreach (WeightStore store in SharesBackbones ? [Trained] : Stores)
        {
            store.Dispose();
        }
    }
}
