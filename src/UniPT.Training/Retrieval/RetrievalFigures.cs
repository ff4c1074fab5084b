using UniPT.Tasks.Retrieval.Metrics;

namespace UniPT.Training.Retrieval;

/// <summary>Names of the retrieval figures in logs.</summary>
internal static class RetrievalFigures
{
    internal static IReadOnlyDictionary<string, double> ByName(RetrievalMetrics metrics) => new Dictionary<string, double>
    {
        ["i2t_r1"] = metrics.ImageToText.RecallAt1,
        ["i2t_r5"] = metrics.ImageToText.RecallAt5,
        ["i2t_r10"] = metrics.ImageToText.RecallAt10,
        ["t2i_r1"] = metrics.TextToImage.RecallAt1,
        ["t2i_r5"] = metrics.TextToImage.RecallAt5,
        ["t2i_r10"] = metrics.TextToImage.RecallAt10,
        ["rsum"] = metrics.RSum,
    };
}
