using UniPT.Tasks.Shared.Metrics;
using UniPT.Tasks.VideoRetrieval.Metrics;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Ranks and recalls of one text a video, with ties, and of several.</summary>
internal sealed class Clip4ClipMetricsCase : IParityCase
{
    public string Name => "clip4clip-metrics";

    public void Check(GoldenFile file)
    {
        Tensor pairs = file.Input("sim");
        int[] forth = Pairs(pairs);
        int[] back = Pairs(pairs.transpose(0, 1));
        Comparison.Same(file, "output.t2v_ranks", TensorData.From(forth));
        Comparison.Same(file, "output.v2t_ranks", TensorData.From(back));
        Figures("t2v", forth);
        Figures("v2t", back);

        int[] ties = Pairs(file.Input("sim_ties"));
        Comparison.Same(file, "output.ties_cols", TensorData.From(ties));
        Figures("ties", ties);

        int[] owners = [.. file.Input("captions_per_video").ToArray<long>().SelectMany((count, video) => Enumerable.Repeat(video, (int)count))];
        float[] flat = file.Input("sim_flat").ToArray<float>();
        int videos = file.Config.Number("videos");
        int[] texts = VideoRanks.OfTexts(flat, owners, videos);
        RankMetrics sums = RankMetrics.FromRanks(texts, MedianOfTwo.Lower);

        // Recorded, and reported nowhere.
        double deviation = Math.Sqrt(texts.Average(rank => Math.Pow(rank + 1 - sums.MeanRank, 2)));
        Comparison.Same(file, "output.multi_t2v", TensorData.From(Row(sums).Append(deviation).ToArray()));
        float[] best = VideoRanks.BestTexts(flat, owners, videos);
        Comparison.Same(file, "output.multi_v2t_sim", TensorData.From(best, videos, videos));
        Figures("multi_v2t", VideoRanks.OfPairs(best, videos));

        void Figures(string name, int[] ranks) =>
            Comparison.Same(file, $"output.{name}", TensorData.From(Row(RankMetrics.FromRanks(ranks, MedianOfTwo.Mean)).ToArray()));
    }

    private static int[] Pairs(Tensor similarities) => VideoRanks.OfPairs(similarities.contiguous().ToArray<float>(), (int)similarities.size(0));

    private static IEnumerable<double> Row(RankMetrics metrics) =>
        [metrics.RecallAt1, metrics.RecallAt5, metrics.RecallAt10, metrics.MedianRank, metrics.MeanRank];
}
