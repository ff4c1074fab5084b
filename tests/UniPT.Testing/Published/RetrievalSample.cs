using System.Text.Json;
using UniPT.Backbones.Bert;
using UniPT.Backbones.ResNet;
using UniPT.Testing.World;
using UniPT.Torch;

namespace UniPT.Testing.Published;

/// <summary>
/// Pictures of scenes with five captions each as Flickr30K and MS-COCO come for VSE∞: <c>data/precomp</c>, <c>data/id_mapping.json</c>, pictures or the features of their
/// regions; a small ResNeXt and a small BERT of random weights, and a recipe of the published experiment on sizes that train in seconds.
/// </summary>
public static class RetrievalSample
{
    /// <summary>Pictures to train on.</summary>
    public const int TrainPictures = 40;

    /// <summary>Pictures of the file <c>dev</c>.</summary>
    public const int ValPictures = 12;

    /// <summary>Pictures to test on.</summary>
    public const int TestPictures = 20;

    /// <summary>Captions of a picture.</summary>
    public const int Captions = 5;

    private const int Regions = 4;
    private const int RegionWidth = 2048;
    private const int FirstId = 7;

    private const string Pictures = """
        name: retrieval
        threads: 1
        task:
          name: retrieval
          embedding: 16
          caption_token_drop: 0
        data:
          path: data
          image_size: 64
          resize: bilinear
          captions: all
          augmentation: crop_flip
          caption_word_drop: 0.2
          val_captions: 50
          folds: 4
        backbones:
          image:
            architecture: resnet
            weights: image.safetensors
          text:
            architecture: bert
            weights: text
            training_mode: true
        method:
          name: unipt
          width: 8
        train:
          epochs: 2
          batch_size: 20
          learning_rate: 1e-3
          clip_norm: 2
          schedule: step
          step_epochs: [1]
        """;

    private const string OfRegions = """
        name: retrieval-regions
        threads: 1
        task:
          name: retrieval
          embedding: 16
          token_drop: 0
          picture_mlp: 8
        data:
          path: data
          captions: all
          region_drop: 0.2
          caption_word_drop: 0.2
          val_captions: 50
        backbones:
          image:
            architecture: regions
            frozen: true
          text:
            architecture: bert
            weights: text
            training_mode: true
        method:
          name: unipt
          width: 8
        train:
          epochs: 2
          batch_size: 20
          drop_last: true
          learning_rate: 1e-3
          clip_norm: 2
          schedule: step
          step_epochs: [1]
        """;

    /// <summary>Writes it all and returns the recipe's path.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="regions">Whether there are regions in the place of pictures.</param>
    public static string Write(string folder, bool regions = false)
    {
        WriteData(Path.Combine(folder, "data"), regions);
        WriteWeights(folder);
        string recipe = Path.Combine(folder, "recipe.yaml");
        File.WriteAllText(recipe, regions ? OfRegions : Pictures);
        return recipe;
    }

    /// <summary>Writes a data set: <c>train</c> has an id for every picture, <c>dev</c> and <c>test</c> have one for every caption.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="regions">Whether there are regions in the place of pictures; those of <c>dev</c> have a row for every caption.</param>
    public static void WriteData(string folder, bool regions = false)
    {
        string precomp = Directory.CreateDirectory(Path.Combine(folder, "precomp")).FullName;
        string pictures = Path.Combine(folder, "flickr30k-images");
        Scene[] scenes = Different(TrainPictures + ValPictures + TestPictures);
        int first = 0;
        foreach ((string split, int count, bool repeated) in new[] { ("train", TrainPictures, false), ("dev", ValPictures, true), ("test", TestPictures, true) })
        {
            Scene[] own = scenes[first..(first + count)];
            int[] ids = [.. Enumerable.Range(FirstId + first, count).SelectMany(id => Enumerable.Repeat(id, repeated ? Captions : 1))];
            File.WriteAllLines(Path.Combine(precomp, $"{split}_caps.txt"), own.SelectMany(scene => scene.Captions(Captions)));
            if (regions)
            {
                Scene[] rows = split == "dev" ? [.. own.SelectMany(scene => Enumerable.Repeat(scene, Captions))] : own;
                NpyWriter.Write(Path.Combine(precomp, $"{split}_ims.npy"), [.. rows.SelectMany(RegionsOf)], rows.Length, Regions, RegionWidth);
            }
            else
            {
                File.WriteAllLines(Path.Combine(precomp, $"{split}_ids.txt"), ids.Select(id => $"{id}"));
                Directory.CreateDirectory(pictures);
                foreach ((int i, Scene scene) in own.Index())
                {
                    File.WriteAllBytes(Path.Combine(pictures, FileOf(FirstId + first + i)), scene.Jpeg());
                }
            }

            first += count;
        }

        if (!regions)
        {
            File.WriteAllText(
                Path.Combine(folder, "id_mapping.json"), JsonSerializer.Serialize(Enumerable.Range(FirstId, scenes.Length).ToDictionary(id => $"{id}", FileOf)));
        }
    }

    /// <summary>What the picture of an id is called.</summary>
    public static string FileOf(int id) => $"{1_000_000_000 + id}.jpg";

    /// <summary>Scenes of which no two show the same kinds of things, so that their captions tell them apart.</summary>
    public static Scene[] Different(int count) =>
    [
        .. Enumerable.Range(0, int.MaxValue).Select(id => Scene.Make(id))
            .DistinctBy(scene => string.Join('+', scene.Things.Select(thing => thing.Name).Order(StringComparer.Ordinal))).Take(count),
    ];

    /// <summary>What a detector could have found: the colour and shape of one thing in each region.</summary>
    private static IEnumerable<float> RegionsOf(Scene scene) => Enumerable.Range(0, Regions).SelectMany(region =>
    {
        Thing thing = scene.Things[region % scene.Things.Count];
        var features = new float[RegionWidth];
        features[Scene.Shapes.IndexOf(thing.Shape)] = 2;
        features[10 + Scene.Colours.IndexOf(thing.Colour)] = 2;
        features[100 + region] = thing.Left / (float)scene.Width;
        return features;
    });

    private static int IndexOf(this IReadOnlyList<string> list, string item) => list.Index().First(pair => pair.Item == item).Index;

    private static void WriteWeights(string folder)
    {
        Weights image = Weights.Fresh(3);
        using (image.Store)
        {
            _ = new ResNetEncoder(image, ResNetConfig.Bottlenecks([1, 1, 1, 1], groups: 2, groupWidth: 32, planes: 4));
            SafetensorsWriter.Write(Path.Combine(folder, "image.safetensors"), image.Store.State());
        }

        string[] words = [.. new[] { "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]" }.Concat(SceneTexts.Words()).Distinct()];
        string text = Directory.CreateDirectory(Path.Combine(folder, "text")).FullName;
        File.WriteAllLines(Path.Combine(text, "vocab.txt"), words);
        File.WriteAllText(Path.Combine(text, "config.json"), """{"model_type": "bert", "num_attention_heads": 2}""");
        Weights bert = Weights.Fresh(4);
        using (bert.Store)
        {
            _ = new BertEncoder(bert, new BertConfig { Vocabulary = words.Length, Width = 32, Layers = 2, Heads = 2, FeedForward = 32, Positions = 40, Pooler = false });
            SafetensorsWriter.Write(Path.Combine(text, "model.safetensors"), bert.Store.State());
        }
    }
}
