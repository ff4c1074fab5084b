using System.Text.RegularExpressions;
using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Recipes;

/// <summary>Checks what an option's type and range cannot say: names, and options that must fit each other.</summary>
internal static partial class RecipeValidator
{
    /// <summary>All that is wrong.</summary>
    internal static IEnumerable<OptionProblem> Check(Recipe recipe, RecipeCatalog catalog)
    {
        if (!FolderName().IsMatch(recipe.Name))
        {
            yield return new(
                "name",
                $"is {OptionText.Show(recipe.Name)}; expected 1 to 100 letters, digits, '.', '_' or '-', "
                + "the first a letter or digit.");
        }

        (string Key, string Name)[] backbones =
            [("image.backbone", recipe.Image.Backbone), ("text.backbone", recipe.Text.Backbone)];
        foreach ((string key, string name) in backbones)
        {
            if (!catalog.Names[key].Contains(name))
            {
                string known = string.Join(", ", catalog.Names[key]);
                yield return new(key, $"is {OptionText.Show(name)}; expected one of {known}.");
            }
        }

        (string Key, OptionList<int> List)[] rising =
        [
            ("image.layers", recipe.Image.Layers),
            ("text.layers", recipe.Text.Layers),
        ];
        foreach ((string key, OptionList<int> list) in rising.Where(given => !Rises(given.List)))
        {
            yield return new(key, $"is {list}; expected each number to be larger than the one before.");
        }

        foreach (OptionProblem problem in TrainChecks.Check(recipe.Train))
        {
            yield return problem;
        }

        if (recipe.Loss is { Kind: not LossKind.Infonce, LearnTemperature: true })
        {
            yield return new(
                "loss.learn_temperature", "is true; expected false because only infonce has a temperature.");
        }

        if (recipe is { Image.Frozen: true, Text.Frozen: true })
        {
            yield return new(
                "text.frozen", "is true; expected false because image.frozen is true, so the method would have nothing to tune.");
        }

        if (recipe.Precision == Precision.Bf16 && TrainsInside(recipe, catalog))
        {
            yield return new(
                "precision",
                $"is bf16; expected float32, or auto, which takes it then, because {recipe.Method.Name} trains inside the backbones, through which float32 gradients flow.");
        }

        if (recipe.Train.Cache && WhyNotCached(recipe, catalog) is { } reason)
        {
            yield return new("train.cache", $"is true; expected false because {reason}.");
        }
    }

    private static string? WhyNotCached(Recipe recipe, RecipeCatalog catalog) => recipe switch
    {
        { Data.Augmentation: not Augmentation.None } => "data.augmentation gives other pictures every epoch",
        { Data.CaptionWordDrop: > 0 } => "data.caption_word_drop gives other captions every epoch",
        _ when TrainsInside(recipe, catalog) => $"{recipe.Method.Name} changes the backbones' hidden states",
        _ => null,
    };

    private static bool TrainsInside(Recipe recipe, RecipeCatalog catalog) =>
        recipe.Method.Name.Length > 0 && catalog.Methods[recipe.Method.Name].Create(recipe.Method.Options).ChangesHiddenStates;

    private static bool Rises(OptionList<int> list) => list.Zip(list.Skip(1)).All(pair => pair.First < pair.Second);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex FolderName();
}
