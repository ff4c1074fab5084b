using UniPT.Training.Recipes;

namespace UniPT.Training.Contracts;

/// <summary>A backbone that a task needs.</summary>
/// <param name="Name">What recipes call it, below <c>backbones</c>; also the prefix of its weights in adapters.</param>
/// <param name="Stream">The stream of hidden states that the task reads of it: <c>image</c>, <c>text</c>, …</param>
public sealed record BackboneNeed(string Name, string Stream);

/// <summary>How a recipe makes a task.</summary>
/// <param name="Name">What <c>task.name</c> calls it.</param>
/// <param name="Options">The record of the other options in the section <c>task</c>.</param>
/// <param name="Data">The record of the section <c>data</c>, a <see cref="DataOptions"/>.</param>
/// <param name="Backbones">The backbones that it needs, in the order in which they are listed everywhere.</param>
/// <param name="Create">Makes the task of a recipe; reads no file.</param>
/// <param name="Describe">Says what a data set of the task's at a path is, for <c>unipt inspect</c>; null where the path does not look like one.</param>
public sealed record TaskRegistration(
    string Name,
    Type Options,
    Type Data,
    IReadOnlyList<BackboneNeed> Backbones,
    Func<Recipe, LearningTask> Create,
    Func<string, bool, IReadOnlyList<string>?>? Describe = null)
{
    /// <summary>A registration whose factory gets its options typed.</summary>
    /// <typeparam name="TOptions">The record of the section <c>task</c>; every public property is an option.</typeparam>
    /// <typeparam name="TData">The record of the section <c>data</c>.</typeparam>
    /// <param name="name">What <c>task.name</c> calls it.</param>
    /// <param name="backbones">The backbones that it needs.</param>
    /// <param name="create">Makes the task of a recipe and its two option records.</param>
    /// <param name="describe">See <see cref="Describe"/>; gets the path and whether examples that cannot be read are left out.</param>
    public static TaskRegistration Of<TOptions, TData>(
        string name,
        IReadOnlyList<BackboneNeed> backbones,
        Func<Recipe, TOptions, TData, LearningTask> create,
        Func<string, bool, IReadOnlyList<string>?>? describe = null)
        where TOptions : class, new()
        where TData : DataOptions => new(
            name, typeof(TOptions), typeof(TData), backbones, recipe => create(recipe, (TOptions)recipe.Task.Options, (TData)recipe.Data), describe);
}
