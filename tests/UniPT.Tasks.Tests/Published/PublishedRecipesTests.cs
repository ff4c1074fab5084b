using System.Globalization;
using System.Text.RegularExpressions;
using UniPT.Testing;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Tests.Published;

/// <summary>The experiments of the paper as recipes: that each builds at its published size and trains what it should, and that docs/published.md says so.</summary>
public sealed partial class PublishedRecipesTests
{
    private const long Gpo = 12_704;
    private const long VseHeads = (768 * 1024) + 1024 + (2048 * 1024) + 1024 + (2 * Gpo);

    // BERT's layer of 192 channels and 768 inside, and a projection of 192 to 1024.
    private const long SideLayer = (4 * ((192 * 192) + 192)) + (192 * 768) + 768 + (768 * 192) + 192 + (4 * 192);
    private const long SideEnd = (192 * 1024) + 1024;

    /// <summary>
    /// What trains, by the folders of the data sets and by method: the numbers of the released code where it says them (spec: tasks, baselines), else by arithmetic.
    /// </summary>
    private static readonly Experiment[] Experiments =
    [
        new("f30k coco", "unipt", 12_380_226, 12_380_226),
        new("f30k coco", "full", 199_135_616 - ((768 * 768) + 768), 199_135_616, "BERT's pooler, which nothing reads, is not counted here"),
        new("f30k coco", "partial", 2_911_040, 2_911_040),
        new("f30k coco", "adapter", VseHeads + (24 * ((768 * 48) + 48 + (48 * 768) + 768))),
        new("f30k coco", "lora", VseHeads + (24 * 2 * 8 * 768)),
        new("f30k coco", "bitfit", VseHeads + (12 * ((4 * 768) + 3072 + 768 + (2 * 768))) + 768 + 101_440),
        new("f30k coco", "prefix", VseHeads + (12 * 2 * 30 * 768)),
        new("f30k coco", "prompt", VseHeads + (30 * 768)),
        new("f30k coco", "lst",
            (13 * ((768 * 192) + 192)) + (12 * (SideLayer + 1)) + (3840 * 192) + (4 * 192) + (3 * (SideLayer + 1)) + (2 * (SideEnd + Gpo))),
        new("msrvtt msrvtt-7k msvd", "unipt", 9_584_642, 9_584_642),
        new("msrvtt msrvtt-7k msvd", "full", 151_277_313, 151_277_313),
        new("msrvtt msrvtt-7k msvd", "partial", (768 * 512) + 512 + (512 * 512) + 512),
        new("msrvtt msrvtt-7k msvd", "adapter", (24 * ((768 * 48) + 48 + (48 * 768) + 768)) + (24 * ((512 * 32) + 32 + (32 * 512) + 512))),
        new("msrvtt msrvtt-7k msvd", "lora", 24 * 2 * 8 * (768 + 512)),
        new("msrvtt msrvtt-7k msvd", "bitfit", (12 * ((4 * 768) + 3072 + 768 + (2 * 768))) + 768 + (12 * ((4 * 512) + 2048 + 512 + (2 * 512)))),
        new("msrvtt msrvtt-7k msvd", "prompt", 20 * (768 + 512)),
        new("msrvtt msrvtt-7k msvd", "lst", 3_411_384),
        new("vqa", "unipt", 10_730_170, 10_730_170),
        new("vqa", "full", 183_191_793, 183_191_793),
        new("vqa", "partial", 5_993_529, 5_993_529),
        new("vqa", "adapter", 5_993_529 + 3_559_680 + (26 * 2 * 768), null, "the released code's projection of grid features stays frozen here"),
        new("vqa", "lora", 5_993_529 + 2_359_296 + 158_560, null, "as above"),
        new("vqa", "bitfit", 5_993_529 + 158_560),
        new("vqa", "prompt", 5_993_529 + (40 * 768)),
        new("vqa", "lst", 13_396_293, 13_396_293),
        new("gqa", "unipt", 8_752_051, 8_752_051),
        new("gqa", "full", 181_213_674, 181_213_674),
        new("gqa", "partial", 4_015_410, 4_015_410),
        new("gqa", "adapter", 4_015_410 + 3_559_680 + (26 * 2 * 768), null, "the released code's projection of grid features stays frozen here"),
        new("gqa", "lora", 4_015_410 + 2_359_296 + 158_560, null, "as above"),
        new("gqa", "bitfit", 4_015_410 + 158_560),
        new("gqa", "prompt", 4_015_410 + (40 * 768)),
        new("gqa", "lst", 11_418_174, 11_418_174),
        new("refcoco refcoco_plus refcocog", "unipt", 712_966, 712_966),
        new("refcoco refcoco_plus refcocog", "full", 185_382_724 - ((768 * 768) + 768), 185_382_724, "RoBERTa's pooler, which nothing reads, is not counted here"),
        new("refcoco refcoco_plus refcocog", "partial", 231_300, 231_300),
        new("refcoco refcoco_plus refcocog", "adapter", 231_300 + (24 * ((256 * 32) + 32 + (32 * 256) + 256))),
        new("refcoco refcoco_plus refcocog", "lora", 231_300 + (((6 * 2) + (6 * 4)) * 2 * 8 * 256)),
        new("refcoco refcoco_plus refcocog", "bitfit", 388_228),
        new("refcoco refcoco_plus refcocog", "prompt", 231_300 + (40 * 768)),
        new("refcoco refcoco_plus refcocog", "lst", 861_130),
        new(Glue, "unipt", 1_937_570),
        new(Glue, "full", 222_882_048, 222_882_048),
        new(Glue, "adapter", 3_625_728, 3_625_728),
        new(Glue, "lora", 3_821_412, 3_821_412),
        new(Glue, "bitfit", 282_468, 282_468),
        new(Glue, "prompt", 76_800, 76_800),
        new(Glue, "lst", 3_878_712 - 6, 3_878_712, "gates of the six dropped layers, which nothing reads, are not made here"),
        new(Glue, "sherl", 1_907_236, 1_907_236),
        new("rte-large", "unipt", 4_278_530),
        new("rte-large", "full", 737_639_424, 737_639_424),
        new("rte-large", "lst", 9_057_328 - 24, 9_057_328, "gates of the 24 dropped layers, as above"),
        new("rte-large", "sherl", 4_700_548, 4_700_548),
        new("rte-3b", "unipt", 2_600_450),
        new("rte-3b", "full", 2_851_569_664, 2_851_569_664),
        new("rte-3b", "lst", 2_494_896 - 46, 2_494_896, "gates of the 46 dropped layers, as above"),
        new("rte-3b", "sherl", 1_087_620, 1_087_620),
    ];

    private const string Glue = "cola sst2 mrpc stsb qqp mnli qnli rte";

    public static TheoryData<string> Folders => [.. Experiments.SelectMany(experiment => experiment.Folders).Distinct()];

    [Fact]
    public void EveryRecipeIsExpectedAndEveryExpectedOneIsThere() => Assert.Equal(
        Experiments.SelectMany(experiment => experiment.Folders.Select(folder => $"{folder}/{experiment.Method}")).Order(StringComparer.Ordinal), PublishedModel.Recipes());

    [Theory]
    [MemberData(nameof(Folders))]
    public void AtItsPublishedSizeEveryMethodTrainsWhatItShould(string folder)
    {
        foreach (Experiment experiment in Experiments.Where(experiment => experiment.Folders.Contains(folder)))
        {
            using var model = new PublishedModel($"{folder}/{experiment.Method}");
            Assert.Equal((experiment.Method, experiment.Trained), (experiment.Method, model.Trained));
        }
    }

    /// <summary>So that results of different data sets do not land in one folder.</summary>
    [Fact]
    public void EveryRecipeHasTheNameOfItsDataAndItsMethod() =>
        Assert.All(PublishedModel.Recipes(), recipe => Assert.Equal(recipe.Replace('/', '-'), PublishedModel.Load(recipe).Name));

    [Fact]
    public void OptimisationIsAsPublished()
    {
        (string Recipe, int Epochs, int Batch, OptimizerKind Optimizer, double Rate, double Decay, double Clip, Schedule Schedule)[] published =
        [
            ("coco/unipt", 25, 112, OptimizerKind.Adamw, 5e-4, 1e-4, 2, Schedule.Step),
            ("msvd/unipt", 5, 128, OptimizerKind.BertAdam, 1e-4, 0.2, 1, Schedule.WarmupCosine),
            ("vqa/unipt", 5, 1024, OptimizerKind.HuggingFaceAdamw, 5e-4, 0.01, 1, Schedule.WarmupLinear),
            ("gqa/unipt", 5, 1024, OptimizerKind.HuggingFaceAdamw, 1e-4, 0.01, 1, Schedule.WarmupLinear),
            ("vqa/full", 5, 1024, OptimizerKind.HuggingFaceAdamw, 5e-5, 0.01, 1, Schedule.WarmupLinear),
            ("refcocog/unipt", 10, 8, OptimizerKind.Adamw, 5e-4, 1e-4, 0.1, Schedule.StepLate),
            ("mrpc/lst", 20, 100, OptimizerKind.HuggingFaceAdamw, 3e-3, 0, 1, Schedule.WarmupLinear),
            ("qqp/lst", 10, 100, OptimizerKind.HuggingFaceAdamw, 3e-3, 0, 1, Schedule.WarmupLinear),
            ("rte/lora", 20, 100, OptimizerKind.HuggingFaceAdamw, 3e-4, 0, 1, Schedule.WarmupLinear),
            ("rte/prompt", 20, 100, OptimizerKind.HuggingFaceAdamw, 0.3, 0, 1, Schedule.WarmupLinear),
        ];
        Assert.All(published, experiment =>
        {
            TrainOptions train = PublishedModel.Load(experiment.Recipe).Train;
            Assert.Equal(
                (experiment.Epochs, experiment.Batch, experiment.Optimizer, experiment.Rate, experiment.Decay, experiment.Clip, experiment.Schedule),
                (train.Epochs, train.BatchSize * train.AccumulationSteps, train.Optimizer, train.LearningRate, train.WeightDecay, train.ClipNorm, train.Schedule));
        });
    }

    [Fact]
    public void ThePageSaysWhatTrains()
    {
        string page = Path.Combine(RepositoryPaths.Root, "docs", "published.md");
        IEnumerable<string> rows = Experiments.Select(experiment => string.Join(" | ",
            $"| {string.Join(", ", experiment.Folders.Select(folder => $"`{folder}`"))}",
            experiment.Method,
            experiment.Trained.ToString("N0", CultureInfo.InvariantCulture),
            experiment.Published?.ToString("N0", CultureInfo.InvariantCulture) ?? "",
            $"{experiment.Difference} |"));
        string table = string.Join('\n', ["| recipes/published/… | method | trained | published | |", "| --- | --- | ---: | ---: | --- |", .. rows]);
        CommittedPage.Check(page, Counts().Replace(File.ReadAllText(page), $"$1\n{table}\n$2"), "the counts in PublishedRecipesTests");
    }

    [GeneratedRegex("(<!-- counts -->).*?(<!-- end -->)", RegexOptions.Singleline)]
    private static partial Regex Counts();

    /// <summary>A method on data sets on which it trains alike.</summary>
    /// <param name="DataSets">Their folders, with blanks between them.</param>
    /// <param name="Method">Its file there.</param>
    /// <param name="Trained">What trains.</param>
    /// <param name="Published">What trains in the released code; null where it does not say.</param>
    /// <param name="Difference">Why that is another.</param>
    private sealed record Experiment(string DataSets, string Method, long Trained, long? Published = null, string Difference = "")
    {
        public IReadOnlyList<string> Folders => DataSets.Split(' ');
    }
}
