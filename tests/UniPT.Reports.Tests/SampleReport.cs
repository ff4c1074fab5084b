using System.IO.Compression;
using System.Text.Json;
using UniPT.Reports.Figures;
using UniPT.Testing;
using UniPT.Training.Loop;
using UniPT.Training.Runs;

namespace UniPT.Reports.Tests;

/// <summary>A report with made-up figures of a plausible size and pictures of the Noto set.</summary>
internal static class SampleReport
{
    private const long Mebibyte = 1 << 20;

    internal static RunConditions Conditions { get; } =
        new(64, 160, 24, "float32", 2, "cpu", "1.13.1", "a processor", true, new DateTime(2026, 3, 1, 9, 20, 0, DateTimeKind.Utc));

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
        Recalls = Recalls(92.7, null),
        Note = "2 epochs instead of 15 to keep the demo short.",
    };

    internal static RecallFigures Chance { get; } = RecallFigures.Of(new Dictionary<string, double>
    {
        ["i2t_r1"] = 0.25,
        ["i2t_r5"] = 1.245,
        ["i2t_r10"] = 2.475,
        ["t2i_r1"] = 0.25,
        ["t2i_r5"] = 1.25,
        ["t2i_r10"] = 2.5,
        ["rsum"] = 7.97,
    });

    internal static ComparisonReport Create()
    {
        using ZipArchive zip = ZipFile.OpenRead(Path.Combine(RepositoryPaths.Data, "emoji-noto.zip"));
        FoundPicture[] pictures = [.. Pictures(zip).Take(24)];
        return new ComparisonReport(
            "Three ways to adapt to emoji",
            new DateTimeOffset(2026, 3, 1, 9, 30, 0, TimeSpan.Zero),
            new DataFacts("emoji-noto.zip", 1311, 150, 400, 2000, "Pictures: Noto Emoji, Apache License 2.0."),
            Chance,
            [Head, UniPT, Full],
            [Curve(Head, 0.8, 190), Curve(UniPT, 0.5, 205), Curve(Full, 0.9, 140)],
            [.. pictures.Take(3).Select((hit, index) => Example(hit, index))],
            [Search("a smiling face with sunglasses", pictures[..10], 2), Search("وجه مبتسم", pictures[8..18], -1), ByPicture(pictures)],
            [new ComponentVersion("Processor", "2 cores of a Xeon"), new ComponentVersion("libtorch", "1.13.1"), new ComponentVersion("BLAS", "OpenBLAS 0.3.21")]);
    }

    internal static RecallFigures Recalls(double rSum, double? deviation)
    {
        return new RecallFigures(Direction(0.48), Direction(0.52), new Statistic(rSum, deviation));

        DirectionRecalls Direction(double share) => new(At(0.19 * share), At(0.36 * share), At(0.45 * share));

        Statistic At(double share) => new(rSum * share, deviation / 4);
    }

    private static MethodFigures Method(string name, string label, double rSum, double deviation) => new(
        name, label, [1, 2, 3], 15, [12, 13, 11], 0, 12_093_441, new StepMemory(0, 0, 0, 0), 702 * Mebibyte, 0,
        Recalls(rSum, deviation), Conditions);

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
        [new("stride 4", 0.08), new("stride 8", 0.21 + (0.05 * index)), new("stride 16", 0.71 - (0.05 * index))],
        [new("embedding", 0.36 - (0.1 * index)), new("layer 1", 0.64 + (0.1 * index))]);

    private static SearchResult Search(string query, FoundPicture[] hits, int right) =>
        new(UniPT.Label, query, null, [.. hits.Select((hit, index) => hit with { Score = 0.71 - (0.03 * index), Right = index == right })]);

    private static SearchResult ByPicture(FoundPicture[] pictures) =>
        new(UniPT.Label, null, pictures[3].Picture, [.. pictures.Skip(4).Take(6).Select(hit => hit with { Score = 0.6 })]);

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
