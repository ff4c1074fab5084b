using System.IO.Compression;
using System.Text.Json;
using UniPT.Reports.Figures;
using UniPT.Tasks.Shared.Search;
using UniPT.Testing;
using UniPT.Training.Contracts;
using UniPT.Training.Loop;
using UniPT.Training.Runs;

namespace UniPT.Reports.Tests;

/// <summary>A report with made-up figures of a plausible size and pictures of the Noto set.</summary>
internal static class SampleReport
{
    private const long Mebibyte = 1 << 20;

    internal static RunConditions Conditions { get; } =
        new(64, Inputs(160, 24), "float32", 2, "cpu", "1.13.1", "a processor", true, new DateTime(2026, 3, 1, 9, 20, 0, DateTimeKind.Utc));

    internal static MethodFigures Head { get; } = Method("head", "Linear head", 189.2, 2.4) with
    {
        TrainableParameters = 459_264,
        StepMemory = new StepMemory(46 * Mebibyte, 9 * Mebibyte, 2 * Mebibyte, 4 * Mebibyte),
        SecondsPerEpoch = 2.31,
    };

    internal static MethodFigures UniPT { get; } = Method("unipt", "UniPT", 203.4, 2.9) with
    {
        TrainableParameters = 3_412_865,
        StepMemory = new StepMemory(58 * Mebibyte, 37 * Mebibyte, 13 * Mebibyte, 26 * Mebibyte),
        SecondsPerEpoch = 6.02,
    };

    internal static MethodFigures Full { get; } = Method("full", "Full fine-tuning", 92.7, 0) with
    {
        Epochs = 2,
        Conditions = Conditions with { CachedHiddenStates = false },
        Seeds = [1],
        BestEpochs = [1],
        TrainableParameters = 11_204_112,
        StepMemory = new StepMemory(46 * Mebibyte, 611 * Mebibyte, 43 * Mebibyte, 86 * Mebibyte),
        SecondsPerEpoch = 63.8,
        Figures = Retrieved(92.7, null),
        Note = "2 epochs instead of 15 to keep the demo short.",
    };

    /// <summary>As image–text retrieval has them.</summary>
    internal static IReadOnlyList<FigureDefinition> Figures { get; } =
    [
        .. Direction("i2t", "i→t", "Picture finds caption"),
        .. Direction("t2i", "t→i", "Caption finds picture"),
        new("rsum", "rSum, of 600", "Both ways") { Unit = FigureUnit.Points, IsPrimary = true, ShortTitle = "rSum", Meaning = "rSum adds the six recalls." },
    ];

    internal static FigureDefinition Primary => Figures[^1];

    internal static IReadOnlyDictionary<string, double> Chance { get; } = new Dictionary<string, double>
    {
        ["i2t_r1"] = 0.25,
        ["i2t_r5"] = 1.245,
        ["i2t_r10"] = 2.475,
        ["t2i_r1"] = 0.25,
        ["t2i_r5"] = 1.25,
        ["t2i_r10"] = 2.5,
        ["rsum"] = 7.97,
    };

    internal static ComparisonReport Create()
    {
        FoundPicture[] pictures = Pictures();
        return new ComparisonReport(
            "Three ways to adapt to emoji",
            new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero),
            new DataFacts("emoji-noto.zip", [new("train", 1311, "1,311 pictures"), new("val", 150, "150"), new("test", 400, "400 with 2,000 captions")], "Pictures: Noto Emoji, Apache License 2.0."),
            Figures,
            Chance,
            [Head, UniPT, Full],
            [Curve(Head, 0.8, 190), Curve(UniPT, 0.5, 205), Curve(Full, 0.9, 140)],
            [.. pictures.Take(3).Select((hit, index) => Example(hit, index))],
            [SearchSection.Of(Searches(pictures))!],
            [new ComponentVersion("Processor", "2 cores of a Xeon"), new ComponentVersion("libtorch", "1.13.1"), new ComponentVersion("BLAS", "OpenBLAS 0.3.21")]);
    }

    /// <summary>The figures of an rSum.</summary>
    internal static IReadOnlyDictionary<string, Statistic> Retrieved(double rSum, double? deviation)
    {
        var figures = new Dictionary<string, Statistic>();
        foreach ((string direction, double part) in new[] { ("i2t", 0.48), ("t2i", 0.52) })
        {
            foreach ((int k, double share) in new[] { (1, 0.19), (5, 0.36), (10, 0.45) })
            {
                figures[$"{direction}_r{k}"] = new Statistic(rSum * share * part, deviation / 4);
            }
        }

        figures["rsum"] = new Statistic(rSum, deviation);
        return figures;
    }

    internal static IReadOnlyDictionary<string, string> Inputs(int imageSize, int longestCaption) => new Dictionary<string, string>
    {
        ["Image size"] = $"{imageSize} px",
        ["Longest caption"] = $"{longestCaption} tokens",
    };

    /// <summary>A search that finds the right answer, one that does not, and one by a picture.</summary>
    internal static SearchResult[] Searches() => Searches(Pictures());

    private static SearchResult[] Searches(FoundPicture[] pictures) =>
        [Search("a smiling face with sunglasses", pictures[..10], 2), Search("وجه مبتسم", pictures[8..18], -1), ByPicture(pictures)];

    private static IEnumerable<FigureDefinition> Direction(string name, string shortName, string group) => new[] { 1, 5, 10 }.Select(k =>
        new FigureDefinition($"{name}_r{k}", $"R@{k}", group)
        {
            ShortTitle = k == 1 ? $"{shortName} R@1" : null,
            Meaning = "R@k is the share of queries whose right answer is among the first k.",
        });

    private static MethodFigures Method(string name, string label, double rSum, double deviation) => new(
        name, label, [1, 2, 3], 15, [12, 13, 11], 0, 12_093_441, new StepMemory(0, 0, 0, 0), 702 * Mebibyte, 0,
        Retrieved(rSum, deviation), Conditions);

    private static Curve Curve(MethodFigures method, double speed, double top)
    {
        int epochs = method.Epochs;
        var random = new Random(7);
        return new Curve(
            method.Label,
            [.. Enumerable.Range(0, epochs * 21).Select(step => (step < epochs * 7 ? 900.0 : 12) * (Math.Exp(-speed * step / 90) + (0.1 * random.NextDouble())))],
            [.. Enumerable.Range(1, epochs).Select(epoch => top * (1 - Math.Exp(-epoch / 2.9)))]);
    }

    private static ConfidenceExample Example(FoundPicture hit, int index) => new(
        UniPT.Label,
        hit.Picture,
        hit.Captions[1],
        [
            new("Picture", [new("stride 4", 0.08), new("stride 8", 0.21 + (0.05 * index)), new("stride 16", 0.71 - (0.05 * index))]),
            new("Caption", [new("embedding", 0.36 - (0.1 * index)), new("layer 1", 0.64 + (0.1 * index))]),
        ]);

    private static SearchResult Search(string query, FoundPicture[] hits, int right) =>
        new(UniPT.Label, query, null, [.. hits.Select((hit, index) => hit with { Score = 0.71 - (0.03 * index), Right = index == right })]);

    private static SearchResult ByPicture(FoundPicture[] pictures) =>
        new(UniPT.Label, null, pictures[3].Picture, [.. pictures.Skip(4).Take(6).Select(hit => hit with { Score = 0.6 })]);

    private static FoundPicture[] Pictures()
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(RepositoryPaths.Data, "emoji-noto.zip"));
        return [.. Pictures(zip).Take(24)];
    }

    private static IEnumerable<FoundPicture> Pictures(ZipArchive zip)
    {
        using var reader = new StreamReader(zip.GetEntry("test/metadata.jsonl")!.Open());
        while (reader.ReadLine() is { } line)
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            string name = entry.RootElement.GetProperty("file_name").GetString()!;
            using Stream stream = zip.GetEntry($"test/{name}")!.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            yield return new FoundPicture(
                Picture.Of(name, bytes.ToArray()),
                0,
                [.. entry.RootElement.GetProperty("captions").EnumerateArray().Select(caption => caption.GetString()!)]);
        }
    }
}
