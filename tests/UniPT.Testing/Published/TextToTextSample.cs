using UniPT.Backbones.T5;
using UniPT.Testing.World;
using UniPT.Torch;

namespace UniPT.Testing.Published;

/// <summary>
/// RTE as GLUE publishes it, of captions of made scenes: whether a sentence about things follows from a caption; with a small T5 of random weights under its published names
/// and a vocabulary of the world's words.
/// </summary>
public static class TextToTextSample
{
    /// <summary>Rows of <c>train.tsv</c>; <c>dev.tsv</c> and <c>test.tsv</c> have as many as <see cref="DevRows"/>.</summary>
    public const int TrainRows = 48;

    /// <summary>Rows of <c>dev.tsv</c>, of which the published splits make val and test.</summary>
    public const int DevRows = 24;

    /// <summary>Examples of a step.</summary>
    public const int BatchSize = 12;

    /// <summary>Writes <c>RTE</c>, <c>t5.safetensors</c>, <c>spiece.model</c> and a recipe of UniPT beside it.</summary>
    /// <param name="folder">Where to.</param>
    /// <returns>The recipe's path.</returns>
    public static string Write(string folder)
    {
        WriteData(Path.Combine(folder, "RTE"));
        WriteBackbone(folder);
        return WriteRecipe(folder, "unipt", "form: t5_derived", "reduction: 2");
    }

    /// <summary>Writes a recipe of any method.</summary>
    /// <param name="folder">Where the rest is.</param>
    /// <param name="method">The method's name.</param>
    /// <param name="options">Its options, a line each.</param>
    /// <returns>The recipe's path.</returns>
    public static string WriteRecipe(string folder, string method, params string[] options)
    {
        string recipe = Path.Combine(folder, $"text_to_text.{method}.yaml");
        File.WriteAllText(recipe, $"""
            name: text-to-text
            task:
              name: text_to_text
            data:
              path: RTE
              glue: rte
              splits: published
            backbones:
              text:
                architecture: t5
                weights: t5.safetensors
                vocabulary: spiece.model
            method:
              {string.Join("\n  ", options.Prepend($"name: {method}"))}
            threads: 1
            train:
              epochs: 3
              batch_size: {BatchSize}
              learning_rate: 3e-3
              weight_decay: 0
              clip_norm: 1
            """);
        return recipe;
    }

    /// <summary>The published files: a caption, and what follows from it or does not.</summary>
    public static void WriteData(string folder)
    {
        Directory.CreateDirectory(folder);
        (string First, string Second, bool Follows)[] rows = [.. Enumerable.Range(0, TrainRows + (2 * DevRows)).Select(Pair)];
        File.WriteAllLines(Path.Combine(folder, "train.tsv"), Lines(rows[..TrainRows], labelled: true));
        File.WriteAllLines(Path.Combine(folder, "dev.tsv"), Lines(rows[TrainRows..(TrainRows + DevRows)], labelled: true));
        File.WriteAllLines(Path.Combine(folder, "test.tsv"), Lines(rows[(TrainRows + DevRows)..], labelled: false));
    }

    /// <summary>Writes <c>t5.safetensors</c> and <c>spiece.model</c>.</summary>
    public static void WriteBackbone(string folder)
    {
        int vocabulary = SentencePieces.Write(Path.Combine(folder, "spiece.model"), [.. SceneTexts.Words(), "rte", "sentence1:", "sentence2:", "0", "2", "sees", "one"]);
        using WeightStore store = Weights.Fresh(5).Store;
        _ = new T5Model(store.Root, new T5Config
        {
            Vocabulary = vocabulary,
            Width = 32,
            FeedForward = 64,
            Layers = 3,
            DecoderLayers = 3,
            Heads = 4,
            HeadWidth = 8,
            Buckets = 8,
            Farthest = 16,
        });
        SafetensorsWriter.Write(Path.Combine(folder, "t5.safetensors"), store.State());
    }

    private static (string First, string Second, bool Follows) Pair(int id)
    {
        Scene scene = Scene.Make(id);
        string other = Scene.Colours.First(colour => scene.Things.All(thing => thing.Colour != colour));
        bool follows = id % 2 == 0;
        return (scene.Captions(3)[id % 3], $"one sees a {(follows ? scene.Things[0].Name : $"{other} {scene.Things[0].Shape}")}", follows);
    }

    private static IEnumerable<string> Lines((string First, string Second, bool Follows)[] rows, bool labelled) =>
    [
        $"index\tsentence1\tsentence2{(labelled ? "\tlabel" : "")}",
        .. rows.Select((row, i) => $"{i}\t{row.First}\t{row.Second}{(labelled ? row.Follows ? "\tentailment" : "\tnot_entailment" : "")}"),
    ];
}
