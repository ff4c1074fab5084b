using UniPT.Tasks.Retrieval.Data;

namespace UniPT.Tasks.Retrieval.Metrics;

/// <summary>What guessing would reach.</summary>
internal static class ChanceLevel
{
    private static readonly int[] Ranks = [1, 5, 10];

    /// <summary>The expected recalls of a random order on a split, and on its equal parts where there are several.</summary>
    internal static IReadOnlyDictionary<string, double> Of(ImageCaptionSplit split, int folds = 1)
    {
        int[] captions = [.. split.Images.Select(image => image.Captions.Count)];
        Dictionary<string, double> figures = Of(captions);
        if (folds > 1)
        {
            Dictionary<string, double>[] parts = [.. captions.Chunk(captions.Length / folds).Select(Of)];
            foreach (string name in parts[0].Keys)
            {
                figures[$"{RetrievalFigures.FoldPrefix}{name}"] = parts.Average(part => part[name]);
            }
        }

        return figures;
    }

    private static Dictionary<string, double> Of(int[] captions)
    {
        int total = captions.Sum();
        var figures = new Dictionary<string, double>();
        foreach (int k in Ranks)
        {
            figures[$"i2t_r{k}"] = 100 * captions.Average(own => 1 - Miss(total, own, k));
            figures[$"t2i_r{k}"] = 100 * Math.Min(1, k / (double)captions.Length);
        }

        figures["rsum"] = figures.Values.Sum();
        return figures;
    }

    /// <summary>The chance that none of <paramref name="own"/> among <paramref name="total"/> is in the first k.</summary>
    private static double Miss(int total, int own, int k)
    {
        double miss = 1;
        for (int i = 0; i < k; i++)
        {
            miss *= Math.Max(0, total - own - i) / (double)Math.Max(1, total - i);
        }

        return miss;
    }
}
