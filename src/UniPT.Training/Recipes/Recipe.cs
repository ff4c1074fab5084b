using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Recipes;

/// <summary>
/// Everything that decides a training run: the task and its data, the pretrained backbones, the tuning method and the
/// optimisation. Two runs of equal recipes on one build and device give the same bits.
/// </summary>
public sealed record Recipe
{
    /// <summary>What the run is called in reports and in its folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>Decides initial weights, data order, augmentation and dropout.</summary>
    [OptionRange(0, uint.MaxValue)]
    public long Seed { get; init; } = 1;

    /// <summary>Threads of the tensor library; 0 takes those of OMP_NUM_THREADS, or one a core without it.</summary>
    [OptionRange(0, 1024)]
    public int Threads { get; init; }

    /// <summary>Where tensors live.</summary>
    public DeviceKind Device { get; init; } = DeviceKind.Cpu;

    /// <summary>The type in which frozen backbones compute and give their hidden states; what trains is float32.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>The task and its own options.</summary>
    public required TaskChoice Task { get; init; }

    /// <summary>The data set; the options are the task's.</summary>
    public required DataOptions Data { get; init; }

    /// <summary>The pretrained backbones that the task needs, by its names for them.</summary>
    public required OptionMap<BackboneOptions> Backbones { get; init; }

    /// <summary>The tuning method and its own options.</summary>
    public required MethodChoice Method { get; init; }

    /// <summary>The training loop and its optimizer.</summary>
    public TrainOptions Train { get; init; } = new();

    /// <summary>Reads a recipe, puts <paramref name="overrides"/> over it and checks the whole.</summary>
    /// <param name="path">The YAML file; paths in it are relative to its folder.</param>
    /// <param name="catalog">What it may choose from; null for everything that is registered.</param>
    /// <param name="overrides">
    /// <c>key=value</c> each, dotted keys, later ones win; paths in them are relative to the working directory. One that changes
    /// <c>method.name</c> also drops the file's options of the method that it replaces, and so it is with <c>task.name</c>.
    /// </param>
    /// <exception cref="UserException">All that is wrong, one sentence a line with its file and line.</exception>
    public static Recipe Load(
        string path, RecipeCatalog? catalog = null, IReadOnlyList<string>? overrides = null) =>
        RecipeReader.Read(path, catalog ?? Catalog.Recipes, OptionOverride.Typed(overrides ?? []));

    /// <summary>The recipe as YAML with every option filled in; <see cref="Load"/> reads it back equal.</summary>
    public string ToYaml() => OptionWriter.Write(this);
}
