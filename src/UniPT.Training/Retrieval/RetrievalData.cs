using UniPT.Tasks.Retrieval.Data;
using UniPT.Training.Recipes;

namespace UniPT.Training.Retrieval;

/// <summary>A recipe's data set with the ways to feed it to the two backbones.</summary>
internal sealed class RetrievalData(Recipe recipe, ImageCaptionDataSet set, CaptionTokenizer tokenizer) : IDisposable
{
    // The split of a data set without splits must not change with the run's seed: runs are compared on one test split.
    private const long SplitSeed = 1;

    /// <summary>The three splits.</summary>
    internal ImageCaptionDataSet Set { get; } = set;

    /// <summary>Turns captions into token ids.</summary>
    internal CaptionTokenizer Tokenizer { get; } = tokenizer;

    /// <summary>Decodes pictures.</summary>
    internal PictureLoader Loader { get; } = new(recipe.Data, recipe.Seed);

    /// <summary>Opens what a recipe names.</summary>
    /// <exception cref="UserException">Data or vocabulary are missing or broken.</exception>
    internal static RetrievalData Open(Recipe recipe)
    {
        CaptionTokenizer tokenizer = CaptionTokenizer.Open(recipe.Text);
        var check = new PictureCheck(recipe.Data.Workers, recipe.Data.SkipBad);
        return new RetrievalData(recipe, ImageCaptionDataSet.Open(recipe.Data.Path, SplitSeed, check), tokenizer);
    }

    /// <summary>Where the splits come from, and what else a user should know of the data, a sentence each.</summary>
    internal IEnumerable<string> Notices => [PrintableText.Of($"{recipe.Data.Path}: {string.Join(", ", Splits.Select(Describe))}."), .. Set.Notices];

    private IEnumerable<(string Name, ImageCaptionSplit Split)> Splits => [("train", Set.Train), ("val", Set.Val), ("test", Set.Test)];

    /// <summary>The token ids of a split's captions, in the order of its pictures.</summary>
    internal IReadOnlyList<int[]> Tokenize(ImageCaptionSplit split) =>
        [.. split.Images.SelectMany(image => image.Captions).Select(Tokenizer.Encode)];

    /// <summary>A split by its name.</summary>
    /// <exception cref="UserException">There is no such split, or it is empty.</exception>
    internal ImageCaptionSplit Split(string name)
    {
        ImageCaptionSplit split = name switch
        {
            "train" => Set.Train,
            "val" => Set.Val,
            "test" => Set.Test,
            _ => throw new UserException($"There is no split {name}; expected train, val or test."),
        };
        return split.Images.Count > 0 ? split : throw new UserException(name == "val"
            ? $"{recipe.Data.Path} has a single picture for train and none for val, by which the best epoch is chosen; at least 2 pictures are needed."
            : $"{recipe.Data.Path} has no pictures in its split {name}; it has {string.Join(" and ", Splits.Where(other => other.Split.Images.Count > 0).Select(other => other.Name))}.");
    }

    private static string Describe((string Name, ImageCaptionSplit Split) part) => part.Split.Images.Count == 0
        ? $"no {part.Name}"
        : $"{part.Name} {part.Split.Images.Count} picture{(part.Split.Images.Count == 1 ? "" : "s")} from {part.Split.Origin}";

    /// <summary>Measures recall on a split.</summary>
    internal RetrievalEvaluator Evaluator(ImageCaptionSplit split) => new(split, Loader, Tokenize(split), recipe.Device.Name());

    /// <summary>Closes the data set's files.</summary>
    public void Dispose() => Set.Dispose();
}
