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

        if (!catalog.ImageBackbones.Contains(recipe.Image.Backbone))
        {
            yield return Unknown("image.backbone", recipe.Image.Backbone, catalog.ImageBackbones);
        }

        if (!catalog.TextBackbones.Contains(recipe.Text.Backbone))
        {
            yield return Unknown("text.backbone", recipe.Text.Backbone, catalog.TextBackbones);
        }

        if (!Rises(recipe.Image.Layers))
        {
            yield return NotRising("image.layers", recipe.Image.Layers);
        }

        if (!Rises(recipe.Text.Layers))
        {
            yield return NotRising("text.layers", recipe.Text.Layers);
        }

        if (!Rises(recipe.Train.StepEpochs))
        {
            yield return NotRising("train.step_epochs", recipe.Train.StepEpochs);
        }

        if (recipe.Train is { Schedule: Schedule.Step, StepEpochs.Count: 0 })
        {
            yield return new("train.step_epochs", "is empty; expected some epoch because train.schedule is step.");
        }

        if (recipe.Loss is { Kind: not LossKind.Infonce, LearnTemperature: true })
        {
            yield return new(
                "loss.learn_temperature", "is true; expected false because only infonce has a temperature.");
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
        { Method.Name: not "" } when catalog.Methods[recipe.Method.Name].Create(recipe.Method.Options).TrainsBackbone =>
            $"{recipe.Method.Name} trains the backbones, whose hidden states change",
        _ => null,
    };

    private static bool Rises(OptionList<int> list) => list.Zip(list.Skip(1)).All(pair => pair.First < pair.Second);

    private static OptionProblem NotRising(string key, OptionList<int> list) =>
        new(key, $"is {list}; expected each number to be larger than the one before.");

    private static OptionProblem Unknown(string key, string name, IEnumerable<string> known) =>
        new(key, $"is {OptionText.Show(name)}; expected one of {string.Join(", ", known)}.");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex FolderName();
}
