using System.Text.RegularExpressions;
using UniPT.Backbones;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Recipes;

/// <summary>Checks what an option's type and range cannot say: names, and options that must fit each other.</summary>
internal static partial class RecipeValidator
{
    private static readonly string WeightsAllowed =
        OptionProperty.Of(typeof(BackboneOptions)).First(option => option.Name == OptionName.Of(nameof(BackboneOptions.Weights))).Allowed;

    /// <summary>All that is wrong.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="catalog">What it may choose from.</param>
    /// <param name="bound">Whether every option has its value, so that the task can be asked.</param>
    internal static IEnumerable<OptionProblem> Check(Recipe recipe, RecipeCatalog catalog, bool bound)
    {
        if (!FolderName().IsMatch(recipe.Name))
        {
            yield return new(
                "name",
                $"is {OptionText.Show(recipe.Name)}; expected 1 to 100 letters, digits, '.', '_' or '-', "
                + "the first a letter or digit.");
        }

        if (catalog.Tasks.TryGetValue(recipe.Task.Name, out TaskRegistration? registration))
        {
            foreach (OptionProblem problem in Backbones(recipe, registration, catalog))
            {
                yield return problem;
            }
        }

        foreach (OptionProblem problem in TrainChecks.Check(recipe.Train))
        {
            yield return problem;
        }

        if (recipe.Precision == Precision.Bf16 && TrainsInside(recipe, catalog))
        {
            yield return new(
                "precision",
                $"is bf16; expected float32, or auto, which takes it then, because {recipe.Method.Name} trains inside the backbones, through which float32 gradients flow.");
        }

        if (!bound)
        {
            yield break;
        }

        LearningTask task = registration!.Create(recipe);
        foreach (OptionProblem problem in task.Check())
        {
            yield return problem;
        }

        if (recipe.Train.Cache && (task.WhyInputsVary ?? WhyStatesVary(recipe, catalog)) is { } reason)
        {
            yield return new("train.cache", $"is true; expected false because {reason}.");
        }
    }

    private static IEnumerable<OptionProblem> Backbones(Recipe recipe, TaskRegistration task, RecipeCatalog catalog)
    {
        foreach (BackboneNeed need in task.Backbones)
        {
            if (!recipe.Backbones.TryGetValue(need.Name, out BackboneOptions? options))
            {
                continue;
            }

            string key = $"backbones.{need.Name}";
            IReadOnlyList<string> known = catalog.Architectures(need.Stream);
            if (!known.Contains(options.Architecture))
            {
                yield return new($"{key}.architecture", $"is {OptionText.Show(options.Architecture)}; expected one of {string.Join(", ", known)}.");
            }

            if (options.Weights is null && BackboneRegistry.NeedsWeights(options.Architecture))
            {
                yield return new($"{key}.weights", $"is missing; expected {WeightsAllowed}.");
            }

            if (!Rises(options.Layers))
            {
                yield return new($"{key}.layers", $"is {options.Layers}; expected each number to be larger than the one before.");
            }

            if (!Rises(options.MemoryLayers))
            {
                yield return new($"{key}.memory_layers", $"is {options.MemoryLayers}; expected each number to be larger than the one before.");
            }

            if (options.MemoryLayers.Count > 0 && need.Stream != BackboneStream.Decoder)
            {
                yield return new($"{key}.memory_layers", $"is {options.MemoryLayers}; expected none because the task {recipe.Task.Name} reads the stream {need.Stream}, which has no memory.");
            }
        }

        if (recipe.Backbones.Count > 0 && recipe.Backbones.Values.All(options => options.Frozen))
        {
            string last = recipe.Backbones.Keys.Last();
            string others = string.Join(" and ", recipe.Backbones.Keys.SkipLast(1).Select(name => $"backbones.{name}.frozen is true"));
            yield return new(
                $"backbones.{last}.frozen",
                $"is true; expected false{(others.Length > 0 ? $" because {others}" : "")}, so the method would have nothing to tune.");
        }
    }

    private static string? WhyStatesVary(Recipe recipe, RecipeCatalog catalog) => TrainsInside(recipe, catalog)
        ? $"{recipe.Method.Name} changes the backbones' hidden states"
        : recipe.Backbones.FirstOrDefault(pair => pair.Value.TrainingMode).Key is { } name ? $"backbones.{name}.training_mode gives other hidden states in every step" : null;

    private static bool TrainsInside(Recipe recipe, RecipeCatalog catalog) =>
        recipe.Method.Name.Length > 0 && catalog.Methods[recipe.Method.Name].Create(recipe.Method.Options).ChangesHiddenStates;

    private static bool Rises(OptionList<int> list) => list.Zip(list.Skip(1)).All(pair => pair.First < pair.Second);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex FolderName();
}
