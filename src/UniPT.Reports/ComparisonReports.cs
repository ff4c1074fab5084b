using UniPT.Backbones;
using UniPT.Reports.Figures;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;
using UniPT.Training.Runs;
using UniPT.Tuning;

namespace UniPT.Reports;

/// <summary>Gathers a comparison's figures, curves and examples from its runs.</summary>
public static class ComparisonReports
{
    private const int Examples = 3;

    /// <summary>The report of finished runs.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="recipe">Any of the recipes that ran, for the data.</param>
    /// <param name="results">All runs.</param>
    public static ComparisonReport Create(string title, Recipe recipe, IReadOnlyList<RunResult> results)
    {
        using RetrievalData data = RetrievalData.Open(recipe);
        ImageCaptionSplit test = data.Set.Test.Images.Count > 0 ? data.Set.Test : data.Split("val");
        int captions = test.Images.Sum(image => image.Captions.Count);
        return new ComparisonReport(
            title,
            DateTimeOffset.UtcNow,
            new DataFacts(Path.GetFileName(recipe.Data.Path),
            [
                new DataSplit("train", data.Set.Train.Images.Count, $"{Units.Count(data.Set.Train.Images.Count)} pictures"),
                new DataSplit("val", data.Set.Val.Images.Count, Units.Count(data.Set.Val.Images.Count)),
                new DataSplit("test", test.Images.Count, $"{Units.Count(test.Images.Count)} with {Units.Count(captions)} captions"),
            ]),
            RetrievalReport.Figures,
            ChanceLevel.Of(recipe),
            MethodFigures.Of(results),
            [.. results.Where(run => run.Folder.Length > 0).DistinctBy(run => run.Label).Select(run => Curve.Read(run.Label, Path.Combine(run.Folder, "metrics.jsonl"), FigureDefinition.PrimaryOf(RetrievalReport.Figures)))],
            results.FirstOrDefault(run => run is { Method: "unipt", Folder.Length: > 0 }) is { } unipt ? Confidence(unipt, data, test) : [],
            [],
            [new ComponentVersion("libtorch", TorchRuntime.Version), new ComponentVersion("UniPT for .NET", typeof(ComparisonReports).Assembly.GetName().Version!.ToString(3))]);
    }

    private static ConfidenceExample[] Confidence(RunResult run, RetrievalData data, ImageCaptionSplit test)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using RetrievalAdapter adapter = AdapterFolder.Load(Path.Combine(run.Folder, "adapter"));
        using IDisposable inference = torch.inference_mode();
        return [.. Enumerable.Range(0, Math.Min(Examples, test.Images.Count)).Select(i => Example(adapter, data, test, i * (test.Images.Count / Examples)))];
    }

    private static ConfidenceExample Example(RetrievalAdapter adapter, RetrievalData data, ImageCaptionSplit test, int picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        CaptionedImage image = test.Images[picture];
        using Tensor pixels = data.Loader.Load(test, [picture]);
        BackboneInput text = adapter.Inputs.Texts([image.Captions[0]]);
        return new ConfidenceExample(
            image.Name,
            Picture.Of(image.Name, test.ReadImage(picture)),
            image.Captions[0],
            [
                new StreamWeights("Picture", Weights(adapter.Model.Image.Tuned, new BackboneInput(pixels))),
                new StreamWeights("Caption", Weights(adapter.Model.Text.Tuned, text)),
            ]);
    }

    private static LayerWeight[] Weights(TunedBackbone tuned, BackboneInput input) =>
        tuned.forward(input).Confidence is { } confidence
            ? [.. tuned.MergedLayers.Zip(confidence.ToArray<float>(), (layer, weight) => new LayerWeight(layer, weight))]
            : [];
}
