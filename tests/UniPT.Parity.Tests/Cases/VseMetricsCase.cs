using System.Text.Json;
using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Tasks.Shared.Metrics;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Ranks, recalls and their averages over folds.</summary>
internal sealed class VseMetricsCase : IParityCase
{
    public string Name => "vse-metrics";

    public void Check(GoldenFile file)
    {
        JsonElement config = file.Config;
        int images = config.GetProperty("npts").GetInt32();
        int captions = config.GetProperty("captions_per_image").GetInt32();
        float[] similarities = file.Read("input.sims").to(ScalarType.Float32).ToArray<float>();
        int[] owners = [.. Enumerable.Range(0, images * captions).Select(caption => caption / captions)];

        RetrievalRanks ranks = RetrievalRanks.Compute(similarities, images, owners);
        Comparison.Same(file, "output.i2t_ranks", TensorData.From(ranks.ImageToText));
        Comparison.Same(file, "output.t2i_ranks", TensorData.From(ranks.TextToImage));
        Comparison.Same(file, "output.i2t_top1", TensorData.From(ranks.TopCaption));
        Comparison.Same(file, "output.t2i_top1", TensorData.From(ranks.TopImage));

        RetrievalMetrics all = RetrievalMetrics.Compute(similarities, images, owners);
        Comparison.Same(file, "output.i2t", TensorData.From(Figures(all.ImageToText)));
        Comparison.Same(file, "output.t2i", TensorData.From(Figures(all.TextToImage)));
        Comparison.Same(file, "output.rsum", torch.tensor(all.RSum, dtype: ScalarType.Float64));

        RetrievalMetrics folds = RetrievalMetrics.ComputeFolds(similarities, images, owners, config.GetProperty("folds").GetInt32());
        double[] averages =
        [
            .. Figures(folds.ImageToText), .. Figures(folds.TextToImage),
            folds.ImageToText.MeanRecall, folds.TextToImage.MeanRecall, folds.RSum,
        ];
        Comparison.Same(file, "output.fold5", TensorData.From(averages));
    }

    private static double[] Figures(RankMetrics metrics) =>
        [metrics.RecallAt1, metrics.RecallAt5, metrics.RecallAt10, metrics.MedianRank, metrics.MeanRank];
}
