using System.Text.Json;
using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Training.Recipes;
using UniPT.Training.Reports.Figures;
using UniPT.Training.Retrieval;
using UniPT.Training.Runs;
using UniPT.Tuning;

namespace UniPT.Training.Comparison;

/// <summary>Gathers a comparison's figures, curves and examples from its runs.</summary>
public static class ComparisonReports
{
    private const int Examples = 3;

    /// <summary>The report of finished runs.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="recipe">Any of the recipes that ran, for the data.</param>
    /// <param name="results">All runs.</param>
    /// <param name="searches">Searches to show, if any.</param>
    public static ComparisonReport Create(
        string title, Recipe recipe, IReadOnlyList<RunResult> results, IReadOnlyList<SearchResult> searches)
    {
        using RetrievalData data = RetrievalData.Open(recipe);
        ImageCaptionSplit test = data.Set.Test.Images.Count > 0 ? data.Set.Test : data.Split("val");
        int captions = test.Images.Sum(image => image.Captions.Count);
        IReadOnlyList<MethodSummary> methods = MethodSummary.Of(results);
        return new ComparisonReport(
            title,
            DateTimeOffset.UtcNow,
            new DataFacts(Path.GetFileName(recipe.Data.Path), data.Set.Train.Images.Count, data.Set.Val.Images.Count, test.Images.Count, captions),
            RecallFigures.Chance(test.Images.Count, Math.Max(1, captions / test.Images.Count)),
            [.. methods.Select(Figures)],
            [.. methods.Select(method => ReadCurve(method.Runs[0]))],
            methods.FirstOrDefault(method => method.Method == "unipt") is { } unipt ? Confidence(unipt.Runs[0], data, test) : [],
            searches,
            [new ComponentVersion("libtorch", TorchRuntime.Version), new ComponentVersion("UniPT for .NET", typeof(ComparisonReports).Assembly.GetName().Version!.ToString(3))]);
    }

    private static MethodFigures Figures(MethodSummary method)
    {
        RunResult first = method.Runs[0];
        RunConditions conditions = first.Conditions;
        return new MethodFigures(
            method.Method,
            method.Method,
            new TrainingConditions(
                first.Epochs, conditions.BatchSize, conditions.ImageSize, conditions.LongestCaption, conditions.Type, conditions.Threads, conditions.Libtorch),
            [.. method.Runs.Select(run => (int)run.Seed)],
            first.TrainableParameters,
            first.TotalParameters,
            first.StepMemory,
            first.StepMemory.Peak,
            first.ProcessPeak,
            method.Runs.Average(run => run.SecondsPerEpoch),
            new RecallFigures(Recalls(method, "i2t"), Recalls(method, "t2i"), Over(method, "rsum")),
            [.. method.Runs.Select(run => run.BestEpoch + 1)],
            conditions.CachedHiddenStates ? "The frozen backbones ran once; their hidden states were read from a file afterwards." : null);
    }

    private static DirectionRecalls Recalls(MethodSummary method, string direction) =>
        new(Over(method, $"{direction}_r1"), Over(method, $"{direction}_r5"), Over(method, $"{direction}_r10"));

    private static Statistic Over(MethodSummary method, string figure) => Statistic.Of([.. method.Runs.Select(run => run.Test[figure])]);

    private static Curve ReadCurve(RunResult run)
    {
        var loss = new List<double>();
        var rsum = new List<double>();
        foreach (string line in File.ReadLines(Path.Combine(run.Folder, "metrics.jsonl")))
        {
            using JsonDocument metrics = JsonDocument.Parse(line);
            bool step = metrics.RootElement.GetProperty("kind").GetString() == "step";
            (step ? loss : rsum).Add(metrics.RootElement.GetProperty(step ? "loss" : "rsum").GetDouble());
        }

        return new Curve(run.Method, loss, rsum);
    }

    private static ConfidenceExample[] Confidence(RunResult run, RetrievalData data, ImageCaptionSplit test)
    {
        using TensorScope scope = TensorScope.Begin();
        using GradientMode unrecorded = Gradients.Off();
        using RetrievalAdapter adapter = AdapterFolder.Load(Path.Combine(run.Folder, "adapter"));
        return [.. Enumerable.Range(0, Math.Min(Examples, test.Images.Count)).Select(i => Example(adapter, data, test, i * (test.Images.Count / Examples)))];
    }

    private static ConfidenceExample Example(RetrievalAdapter adapter, RetrievalData data, ImageCaptionSplit test, int picture)
    {
        using TensorScope scope = TensorScope.Begin();
        CaptionedImage image = test.Images[picture];
        using Tensor pixels = data.Loader.Load(test, [picture]);
        BackboneInput text = Tasks.Retrieval.Inputs.CaptionInput.Batch([data.Tokenizer.Encode(image.Captions[0])]);
        return new ConfidenceExample(
            image.Name,
            Picture.Of(image.Name, test.ReadImage(picture)),
            image.Captions[0],
            Weights(adapter.Model.Image.Tuned, new BackboneInput(pixels)),
            Weights(adapter.Model.Text.Tuned, text));
    }

    private static LayerWeight[] Weights(TunedBackbone tuned, BackboneInput input) =>
        tuned.Forward(input).Confidence is { } confidence
            ? [.. tuned.MergedLayers.Zip(confidence.ToArray<float>(), (layer, weight) => new LayerWeight(layer, weight))]
            : [];
}
