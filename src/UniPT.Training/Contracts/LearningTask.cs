using UniPT.Training.Recipes;

namespace UniPT.Training.Contracts;

/// <summary>
/// A task as one recipe chooses it, before any file is read: what it asks of methods and what it measures; it makes the model and opens
/// the data. Everything else in this library knows tasks only by this, <see cref="TaskModel"/> and <see cref="TaskData"/>.
/// </summary>
/// <param name="recipe">The recipe.</param>
public abstract class LearningTask(Recipe recipe)
{
    /// <summary>The recipe.</summary>
    public Recipe Recipe { get; } = recipe;

    /// <summary>What evaluations give; exactly one is primary.</summary>
    public abstract IReadOnlyList<FigureDefinition> Figures { get; }

    /// <summary>The figure by which epochs and methods are chosen.</summary>
    public FigureDefinition Primary => FigureDefinition.PrimaryOf(Figures);

    /// <summary>
    /// Why what the backbones read is another in every epoch, so that hidden states cannot be kept, such as
    /// <c>data.augmentation gives other pictures every epoch</c>; null where it is not.
    /// </summary>
    public virtual string? WhyInputsVary => null;

    /// <summary>The option by which inputs become smaller where memory lacks, such as <c>data.image_size</c>; null where there is none.</summary>
    public virtual string? InputSizeOption => null;

    /// <summary>
    /// How raw inputs become those of the backbones, by name: saved with an adapter, which is refused where it would be
    /// prepared otherwise.
    /// </summary>
    public abstract IReadOnlyDictionary<string, string> Preprocessing { get; }

    /// <summary>What is wrong with the options beyond their types and ranges.</summary>
    public virtual IEnumerable<OptionProblem> Check() => [];

    /// <summary>The width of the features that the task wants of a backbone's method; null for that of the stream.</summary>
    /// <param name="backbone">The name of one that it needs.</param>
    public virtual int? OutputOf(string backbone) => null;

    /// <summary>Makes the model of tuned streams: adds the task's head.</summary>
    /// <param name="parts">The tuned streams and the place of new weights.</param>
    /// <exception cref="UserException">What the recipe names does not fit the backbones.</exception>
    public abstract TaskModel CreateModel(ModelParts parts);

    /// <summary>Opens the data set that the recipe names.</summary>
    /// <exception cref="UserException">It is missing or broken.</exception>
    public abstract TaskData OpenData();
}
