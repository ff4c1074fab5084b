using UniPT.Tasks.Retrieval;
using UniPT.Training.Recipes;
using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Tests.Recipes;

/// <summary>Recipes with a random value within its range for every option.</summary>
internal sealed class RandomRecipe(int seed, RecipeFolder folder)
{
    private static readonly string[] Texts =
        ["", "plain", "null", "~", "true", "1e5", "- a", "a: b", "#", "'", "\"", " x ", "ü 😀 \u0085 \u2028", "a\tb\r\nc\0", "%", "@`", "=", "<<", "."];

    private readonly Random _random = new(seed);

    internal Recipe Make()
    {
        var recipe = (Recipe)Fill(typeof(Recipe));
        var task = (RetrievalOptions)recipe.Task.Options;
        return recipe with
        {
            Name = "name-" + seed,
            Precision = recipe is { Precision: Precision.Bf16, Method.Name: "full" } ? Precision.Auto : recipe.Precision,
            Task = new TaskChoice("retrieval", task with { Loss = task.Loss with { LearnTemperature = task.Loss.Kind is LossKind.Infonce } }),
            Backbones = new OptionMap<BackboneOptions>([
                KeyValuePair.Create("image", Backbone("mobilenet_v2") with { Vocabulary = null }),
                KeyValuePair.Create("text", Backbone("use_lite") with { Frozen = false }),
            ]),
            Data = (RetrievalDataOptions)recipe.Data with { RegionDrop = 0 },
            Train = recipe.Train with
            {
                Cache = false,
                StepEpochs = [1, .. Rising().Select(epoch => epoch + 2)],
                WarmupShare = seed % 2 == 0 ? recipe.Train.WarmupShare : 0,
                WarmupSteps = seed % 2 == 0 ? 0 : recipe.Train.WarmupSteps,
                EvaluateEverySteps = seed % 2 == 0 ? recipe.Train.EvaluateEverySteps : 0,
                EvaluateEveryEpochs = seed % 2 == 0 ? 1 : recipe.Train.EvaluateEveryEpochs,
            },
        };
    }

    private BackboneOptions Backbone(string architecture) => (BackboneOptions)Fill(typeof(BackboneOptions)) with
    {
        Architecture = architecture,
        Weights = folder.PathOf("pictures"),
        Layers = Rising(),
        MemoryLayers = [],
    };

    private OptionList<int> Rising() => new(Enumerable.Range(0, 9).Where(_ => _random.Next(2) == 0));

    private object Fill(Type type)
    {
        object record = Activator.CreateInstance(type)!;
        foreach (OptionProperty option in OptionProperty.Of(type))
        {
            option.Set(record, option.IsNullable && _random.Next(2) == 0 ? null : Value(option));
        }

        return record;
    }

    private object Value(OptionProperty option)
    {
        if (option.Type == typeof(MethodChoice))
        {
            string[] names = [.. SampleMethods.Catalog.Methods.Keys];
            string name = names[_random.Next(names.Length)];
            return new MethodChoice(name, Fill(SampleMethods.Catalog.Methods[name].Options));
        }

        if (option.Type == typeof(OptionMap<WeightGroup>))
        {
            return new OptionMap<WeightGroup>(
                Enumerable.Range(0, _random.Next(3)).Select(i => KeyValuePair.Create($"group{i}", (WeightGroup)Fill(typeof(WeightGroup)))));
        }

        if (option.Type == typeof(TaskChoice))
        {
            return new TaskChoice("retrieval", Fill(typeof(RetrievalOptions)));
        }

        if (option.Type == typeof(DataOptions))
        {
            return Fill(typeof(RetrievalDataOptions));
        }

        if (option.Type == typeof(OptionMap<BackboneOptions>))
        {
            return new OptionMap<BackboneOptions>();
        }

        if (option.IsSection)
        {
            return Fill(option.Type);
        }

        if (option.Element is null)
        {
            return option.Path is not null ? folder.PathOf("pictures") : Single(option.Type, option.Range);
        }

        var items = Array.CreateInstance(option.Element, _random.Next(4));
        for (int i = 0; i < items.Length; i++)
        {
            items.SetValue(Single(option.Element, option.Range), i);
        }

        return Activator.CreateInstance(option.Type, items)!;
    }

    private object Single(Type type, OptionRangeAttribute? range)
    {
        long low = (long)Math.Ceiling(range?.Min ?? -1000);
        long high = (long)Math.Floor(range?.Max ?? 1000);
        long step = Math.Max(1, range?.MultipleOf ?? 1);
        long whole = low + (_random.NextInt64((high - low) / step + 1) * step);
        return type switch
        {
            _ when type == typeof(string) => Texts[_random.Next(Texts.Length)],
            _ when type == typeof(bool) => _random.Next(2) == 0,
            _ when type == typeof(int) => (int)whole,
            _ when type == typeof(long) => whole,
            _ when type == typeof(double) =>
                (range?.Min ?? -1e9) + (_random.NextDouble() * ((range?.Max ?? 1e9) - (range?.Min ?? -1e9))),
            _ => Enum.GetValues(type).GetValue(_random.Next(Enum.GetValues(type).Length))!,
        };
    }
}
