using System.Text.Json;
using System.Text.Json.Nodes;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Mdetr;
using UniPT.Backbones.ResNet;
using UniPT.Testing.World;
using UniPT.Torch;

namespace UniPT.Testing.Published;

/// <summary>
/// A data set of referring expressions as MDETR's authors publish them, RefCOCO where nothing else is said: annotations, pictures, a small MDETR of random weights with its vocabulary, and a
/// recipe with the published options on sizes that train in seconds.
/// </summary>
public static class GroundingSample
{
    /// <summary>Width of the small network's hidden states.</summary>
    public const int Width = 32;

    private const string Recipe = """
        name: grounding
        threads: 1
        task:
          name: grounding
        data:
          path: refcoco
          size: 48
          sizes: [40, 48]
          max_side: 96
          crop_sizes: [48, 64]
          crop_min: 32
        backbones:
          joint:
            architecture: mdetr
            weights: mdetr.safetensors
            layers: [1, 2, 3]
            memory_layers: [1, 2]
        method:
          name: unipt
          form: mdetr
          width: 16
        train:
          epochs: 2
          batch_size: 8
          drop_last: true
          learning_rate: 1e-3
          groups:
            heads: {match: ["head.*"], learning_rate_factor: 0.1}
          clip_norm: 0.1
          schedule: step_late
          step_epochs: [1]
          ema_decay: 0.9
        """;

    /// <summary>Sizes of the small network, but for its vocabulary.</summary>
    public static MdetrConfig Network { get; } = new()
    {
        Image = ResNetConfig.Bottlenecks([1, 1, 1, 1], planes: 4) with { FrozenNorms = true },
        Text = BertConfig.RobertaBase with { Width = 64, Layers = 1, Heads = 1, FeedForward = 64, Positions = 32 },
        Width = Width,
        FeedForward = 64,
        EncoderLayers = 2,
        DecoderLayers = 3,
        Queries = 6,
    };

    /// <summary>The splits with the numbers of their first scene and how many scenes they have.</summary>
    public static IReadOnlyList<(string Split, int First, int Scenes)> SplitsOf(string set) => set == "refcocog"
        ? [("train", 300, 10), ("val", 321, 4), ("test", 331, 4)]
        : [("train", 0, 18), ("val", 100, 6), ("testA", 201, 4), ("testB", 251, 4)];

    /// <summary>Writes it all and returns the recipe's path.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="sets">Which of <c>refcoco</c>, <c>refcoco+</c> and <c>refcocog</c>; the first alone where none is named.</param>
    public static string Write(string folder, params IReadOnlyList<string> sets)
    {
        WriteWeights(folder);
        foreach (string set in sets.Count > 0 ? sets : ["refcoco"])
        {
            foreach ((string split, int first, int scenes) in SplitsOf(set))
            {
                WriteSplit(DataIn(folder), set, split, [.. Enumerable.Range(first, scenes).Select(SceneOf)]);
            }
        }

        string recipe = Path.Combine(folder, "recipe.yaml");
        File.WriteAllText(recipe, sets.Count > 1 ? Recipe : Recipe.Replace("  path: refcoco\n", $"  path: refcoco\n  dataset: {(sets.Count == 0 ? "refcoco" : sets[0].Replace("+", "_plus", StringComparison.Ordinal))}\n", StringComparison.Ordinal));
        return recipe;
    }

    /// <summary>Where the data set is: in a folder of its own beside the recipe.</summary>
    public static string DataIn(string folder) => Path.Combine(folder, "refcoco");

    /// <summary>Where the pictures of a data set are.</summary>
    public static string PicturesIn(string data) => Path.Combine(data, "data", "coco2014", "images", "train2014");

    /// <summary>What a picture's file is called.</summary>
    public static string PictureOf(Scene scene) => $"COCO_train2014_{scene.Id:D12}.jpg";

    /// <summary>A file of expressions of a data set.</summary>
    public static string AnnotationsIn(string data, string set, string split) => Path.Combine(data, "mdetr_annotations", $"finetune_{set}_{split}.json");

    /// <summary>A scene of a number; every fifth is taller than wide.</summary>
    public static Scene SceneOf(int id) => id % 5 == 4 ? Scene.Make(id, 64, 80, things: 2) : Scene.Make(id);

    /// <summary>Writes scenes as pictures, and their expressions, each an entry of <c>images</c> with one of <c>annotations</c>.</summary>
    public static void WriteSplit(string data, string set, string split, IReadOnlyList<Scene> scenes)
    {
        var images = new JsonArray();
        var annotations = new JsonArray();
        string pictures = Directory.CreateDirectory(PicturesIn(data)).FullName;
        foreach (Scene scene in scenes)
        {
            File.WriteAllBytes(Path.Combine(pictures, PictureOf(scene)), scene.Jpeg());
            foreach (Expression expression in scene.Expressions())
            {
                int id = (scene.Id * 10) + 70_000 + (images.Count % 10);
                Thing thing = expression.Thing;
                images.Add(new JsonObject
                {
                    ["file_name"] = PictureOf(scene),
                    ["height"] = scene.Height,
                    ["width"] = scene.Width,
                    ["id"] = id,
                    ["original_id"] = scene.Id,
                    ["caption"] = expression.Text,
                    ["dataset_name"] = set,
                    ["tokens_negative"] = new JsonArray(new JsonArray(0, expression.Text.Length)),
                });
                annotations.Add(new JsonObject
                {
                    ["area"] = thing.Width * thing.Height,
                    ["iscrowd"] = 0,
                    ["image_id"] = id,
                    ["category_id"] = 1,
                    ["id"] = id + 20_000,
                    ["bbox"] = new JsonArray((double)thing.Left, (double)thing.Top, (double)thing.Width, (double)thing.Height),
                    ["original_id"] = id,
                    ["tokens_positive"] = new JsonArray(new JsonArray(expression.Begin, expression.End)),
                });
            }
        }

        string file = AnnotationsIn(data, set, split);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, new JsonObject
        {
            ["info"] = new JsonObject(),
            ["licenses"] = new JsonArray(),
            ["images"] = images,
            ["annotations"] = annotations,
            ["categories"] = new JsonArray(new JsonObject { ["supercategory"] = "person", ["id"] = 1, ["name"] = "person" }),
        }.ToJsonString());
    }

    /// <summary>Writes <c>mdetr.safetensors</c> of random weights, and the vocabulary beside it: every byte, and the words that scenes are described with.</summary>
    private static void WriteWeights(string folder)
    {
        Directory.CreateDirectory(folder);
        string bytes = Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "tokenizers", "roberta-tiny");
        var pieces = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllBytes(Path.Combine(bytes, "vocab.json")))!;
        List<string> merges = [.. File.ReadAllLines(Path.Combine(bytes, "merges.txt"))];
        foreach (string word in SceneTexts.Words().Where(word => word.Length > 1))
        {
            // A space and the word, from left to right.
            string start = "Ġ";
            foreach (char letter in word)
            {
                if (pieces.TryAdd($"{start}{letter}", pieces.Count))
                {
                    merges.Add($"{start} {letter}");
                }

                start += letter;
            }
        }

        File.WriteAllText(Path.Combine(folder, "vocab.json"), JsonSerializer.Serialize(pieces));
        File.WriteAllLines(Path.Combine(folder, "merges.txt"), merges);
        Weights weights = Weights.Fresh(7, trainable: false);
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = weights.Store;
        _ = new MdetrModel(weights, Network with { Text = Network.Text with { Vocabulary = pieces.Count } });

        // As initialisations start that keep the size of what passes through, so that pictures and texts are still seen behind many layers.
        foreach ((string name, Tensor tensor) in store.State().Where(pair => pair.Value.ndim > 1 && !pair.Key.Contains("embed", StringComparison.Ordinal)))
        {
            tensor.mul_(Scalars.Of(tensor.ndim == 4 ? Math.Sqrt(6) : Math.Sqrt(3)));
        }

        // And queries are told apart, which differ in nothing else.
        store.Parameters["query_embed.weight"].mul_(Scalars.Of(4.0));

        SafetensorsWriter.Write(Path.Combine(folder, "mdetr.safetensors"), store.State());
    }
}
