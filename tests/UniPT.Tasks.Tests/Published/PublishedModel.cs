using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Clip;
using UniPT.Backbones.ClipVil;
using UniPT.Backbones.Mdetr;
using UniPT.Backbones.ResNet;
using UniPT.Backbones.T5;
using UniPT.Tasks.Questions;
using UniPT.Tasks.TextToText;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Contracts;
using UniPT.Training.Models;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Tests.Published;

/// <summary>The model of a published recipe at its published size, without memory for its weights and without its data.</summary>
internal sealed class PublishedModel : IDisposable
{
    // The published code cuts T5's table of 32,128 rows to the words of its tokenizer.
    private const int WordsOfT5 = 32_100;
    private static readonly Lazy<string> SentencePieceModel = new(WriteSentencePieceModel);
    private readonly TaskModel _model;
    private readonly List<WeightStore> _backbones = [];

    /// <summary>Builds it.</summary>
    /// <param name="recipe">A file below recipes/published, without its ending.</param>
    public PublishedModel(string recipe)
    {
        Recipe = Load(recipe);
        LearningTask task = TaskRegistry.Create(Recipe);
        _model = TaskModelBuilder.Build(task, Weights.Meta(trainable: true), ContentOf(recipe), null, (options, trains) =>
        {
            Weights weights = Weights.Meta(trains);
            _backbones.Add(weights.Store);
            return Open(options, weights);
        });
    }

    /// <summary>The recipe.</summary>
    public Recipe Recipe { get; }

    /// <summary>Number of weights that train.</summary>
    public long Trained => _model.TrainableParameters;

    /// <summary>All recipes, by their files below recipes/published without the ending.</summary>
    public static IReadOnlyList<string> Recipes()
    {
        string folder = Path.Combine(RepositoryPaths.Root, "recipes", "published");
        return
        [
            .. Directory.GetFiles(folder, "*.yaml", SearchOption.AllDirectories)
                .Select(file => Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace('\\', '/'))
                .Where(name => !name.StartsWith("bases/", StringComparison.Ordinal) && !name.StartsWith("methods/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Reads one; its weights and data need not be there.</summary>
    public static Recipe Load(string recipe)
    {
        string file = Path.Combine(RepositoryPaths.Root, "recipes", "published", $"{recipe}.yaml");
        var read = RecipeReader.Parse(File.ReadAllText(file), file, Path.GetDirectoryName(file)!, Catalog.Recipes, [], requireFiles: false);
        return read with
        {
            Backbones = new OptionMap<BackboneOptions>(read.Backbones.Select(pair => KeyValuePair.Create(pair.Key, pair.Value with { Vocabulary = VocabularyOf(pair.Value.Architecture) }))),
        };
    }

    public void Dispose()
    {
        _model.Dispose();
        _backbones.ForEach(store => store.Dispose());
    }

    private static Backbone Open(BackboneOptions options, Weights weights) => (options.Architecture, Path.GetFileName(options.Weights)) switch
    {
        ("resnet", "ig_resnext101_32x8-c38310e5.pth") => new ResNetEncoder(weights, ResNetConfig.Bottlenecks([3, 4, 23, 3], 32, 8)),
        ("bert", "bert-base-uncased") => new BertEncoder(weights, new BertConfig()),
        ("clip_vit", "ViT-B-32.pt") => new ClipVit(weights, new ClipVitConfig()),
        ("clip_text", "ViT-B-32.pt") => new ClipText(weights, new ClipTextConfig()),
        ("clip_vil", "Epoch11_LXRT.pth") => new ClipVilEncoder(weights, new ClipVilConfig()),
        ("mdetr", "pretrained_resnet101_checkpoint.pth") => new MdetrModel(weights, MdetrConfig.ResNet101),
        ("t5", "t5-base") => new T5Model(weights, T5Config.Base with { Vocabulary = WordsOfT5 }),
        ("t5", "t5-large") => new T5Model(weights, T5Config.Large with { Vocabulary = WordsOfT5 }),
        ("t5", "t5-3b") => new T5Model(weights, T5Config.ThreeB with { Vocabulary = WordsOfT5 }),
        _ => throw new ArgumentException($"{options.Architecture} of {options.Weights} has no published size here."),
    };

    private static string? VocabularyOf(string architecture) => architecture switch
    {
        "bert" or "clip_vil" => "minilm_l6",
        "clip_text" => Path.Combine(RepositoryPaths.Root, "models", "bpe_simple_vocab_16e6.txt.gz"),
        "t5" => SentencePieceModel.Value,
        _ => null,
    };

    /// <summary>What the data would say: the answers of the published tables, or the labels of GLUE.</summary>
    private static Dictionary<string, IReadOnlyList<string>> ContentOf(string recipe) => recipe.Split('/')[0] switch
    {
        "vqa" => new() { [QuestionsModel.AnswersKey] = [.. Enumerable.Range(0, 3129).Select(answer => $"answer {answer}")] },
        "gqa" => new() { [QuestionsModel.AnswersKey] = [.. Enumerable.Range(0, 1842).Select(answer => $"answer {answer}")] },
        _ => new() { [TextToTextModel.LabelsKey] = ["0", "1", "2"] },
    };

    private static string WriteSentencePieceModel()
    {
        string file = Path.Combine(Path.GetTempPath(), $"unipt-spiece-{Environment.ProcessId}.model");
        SentencePieces.Write(file, [], 32_000);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(file);
        return file;
    }
}
