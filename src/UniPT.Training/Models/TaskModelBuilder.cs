using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;
using UniPT.Tuning.Head;

namespace UniPT.Training.Models;

/// <summary>Builds the model that a recipe describes, freshly initialised where it is trained.</summary>
internal static class TaskModelBuilder
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Nothing = [];

    /// <summary>Opens the backbones, attaches the method to their streams and lets the task add its head.</summary>
    /// <param name="task">The task of a recipe whose precision is settled.</param>
    /// <param name="content">What the data said, or an adapter kept of it; null where it does not matter.</param>
    /// <param name="beside">A model of the same backbones in the same precision, which are then read and not opened again.</param>
    /// <exception cref="UserException">Weights are missing or do not fit, or the method does not.</exception>
    internal static TaskModel Build(LearningTask task, IReadOnlyDictionary<string, IReadOnlyList<string>>? content = null, TaskModel? beside = null)
    {
        Device device = task.Recipe.Device.Name();
        return Build(task, Weights.Fresh(task.Recipe.Seed, device), content, beside, (options, trains) =>
            BackboneRegistry.Open(options.Architecture, options.WeightsFile, trains, device, options.TrainingMode));
    }

    /// <summary>The same with backbones from elsewhere, such as some without numbers.</summary>
    /// <param name="task">The task of a recipe whose precision is settled.</param>
    /// <param name="trained">The place of everything that is new.</param>
    /// <param name="content">As above.</param>
    /// <param name="beside">As above.</param>
    /// <param name="open">Opens a backbone; told whether its weights train.</param>
    internal static TaskModel Build(
        LearningTask task, Weights trained, IReadOnlyDictionary<string, IReadOnlyList<string>>? content, TaskModel? beside, Func<BackboneOptions, bool, Backbone> open)
    {
        Recipe recipe = task.Recipe;
        IReadOnlyList<BackboneNeed> needs = TaskRegistry.Get(recipe.Task.Name).Backbones;
        var opened = new List<Backbone>();
        try
        {
            var tuned = new OrderedDictionary<string, TunedBackbone>(StringComparer.Ordinal);
            foreach ((string name, BackboneOptions options) in recipe.Backbones)
            {
                TuningMethod method = MethodOf(recipe, name);
                Backbone backbone = beside?.Tuned[name].Backbone ?? open(options, method.TrainsBackbone);
                if (beside is null)
                {
                    opened.Add(backbone);
                }

                BackboneStream stream = backbone.Streams[needs.First(need => need.Name == name).Stream];
                tuned.Add(name, method.Attach(options.Selected(stream), trained / name / "method", task.OutputOf(name)));
            }

            if (beside is null)
            {
                SetPrecision(recipe, tuned.Values);
            }

            return task.CreateModel(new ModelParts(tuned, trained, beside is not null, content ?? Nothing));
        }
        catch
        {
            foreach (Backbone backbone in opened)
            {
                backbone.Store.Dispose();
            }

            trained.Store.Dispose();
            throw;
        }
    }

    /// <summary>Whether the method changes the hidden states of a backbone.</summary>
    internal static bool ChangesHiddenStates(Recipe recipe) => recipe.Backbones.Keys.Any(name => MethodOf(recipe, name).ChangesHiddenStates);

    /// <summary>Whether the method runs blocks of a backbone itself.</summary>
    internal static bool RunsBlocks(Recipe recipe) => recipe.Backbones.Keys.Any(name => MethodOf(recipe, name).RunsBlocks);

    private static TuningMethod MethodOf(Recipe recipe, string backbone) => recipe.Backbones[backbone].Frozen
        ? new HeadMethod(new())
        : TuningRegistry.Methods[recipe.Method.Name].Create(recipe.Method.OptionsOf(backbone));

    // After the method is there: one that starts from the backbone's weights starts from what the file has.
    private static void SetPrecision(Recipe recipe, IEnumerable<TunedBackbone> streams)
    {
        foreach (TunedBackbone tuned in streams.Where(tuned => tuned.Backbone.Type != recipe.Precision.Type()))
        {
            tuned.ConvertBackbone(recipe.Precision.Type());
        }
    }
}
