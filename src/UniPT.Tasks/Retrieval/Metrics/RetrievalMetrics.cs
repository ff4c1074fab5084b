using UniPT.Tasks.Shared.Metrics;

namespace UniPT.Tasks.Retrieval.Metrics;

/// <summary>Image–caption retrieval in both directions, as published results state it.</summary>
/// <param name="ImageToText">Each image looks for the best of its captions among all captions.</param>
/// <param name="TextToImage">Each caption looks for its image among all images.</param>
public sealed record RetrievalMetrics(RankMetrics ImageToText, RankMetrics TextToImage)
{
    /// <summary>The six recalls added, 0 … 600.</summary>
    public double RSum => ImageToText.RecallSum + TextToImage.RecallSum;

    /// <summary>Metrics over all images and captions; parameters and errors as in
    /// <see cref="RetrievalRanks.Compute"/>.</summary>
    public static RetrievalMetrics Compute(
        ReadOnlySpan<float> similarities, int imageCount, ReadOnlySpan<int> captionOwner)
    {
        RetrievalRanks ranks = RetrievalRanks.Compute(similarities, imageCount, captionOwner);
        return new RetrievalMetrics(
            RankMetrics.FromRanks(ranks.ImageToText), RankMetrics.FromRanks(ranks.TextToImage));
    }

    /// <summary>
    /// Metrics averaged over equal folds of consecutive images with their captions (COCO 1K: 5 folds of 1,000);
    /// parameters and errors as in <see cref="RetrievalRanks.Compute"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The images cannot be divided into equal folds.</exception>
    public static RetrievalMetrics ComputeFolds(
        ReadOnlySpan<float> similarities, int imageCount, ReadOnlySpan<int> captionOwner, int folds)
    {
        if (folds < 1 || imageCount % folds != 0)
        {
            throw new ArgumentException($"{imageCount} images cannot be divided into {folds} equal folds.");
        }

        var parts = new RetrievalMetrics[folds];
        int size = imageCount / folds;
        for (int fold = 0; fold < folds; fold++)
        {
            parts[fold] = ComputeFold(similarities, fold * size, size, captionOwner);
        }

        return new RetrievalMetrics(
            RankMetrics.Average([.. parts.Select(part => part.ImageToText)]),
            RankMetrics.Average([.. parts.Select(part => part.TextToImage)]));
    }

    private static RetrievalMetrics ComputeFold(
        ReadOnlySpan<float> similarities, int first, int size, ReadOnlySpan<int> captionOwner)
    {
        var columns = new List<int>();
        for (int caption = 0; caption < captionOwner.Length; caption++)
        {
            if (captionOwner[caption] >= first && captionOwner[caption] < first + size)
            {
                columns.Add(caption);
            }
        }

        var owners = new int[columns.Count];
        var part = new float[size * columns.Count];
        for (int column = 0; column < columns.Count; column++)
        {
            owners[column] = captionOwner[columns[column]] - first;
            for (int image = 0; image < size; image++)
            {
                part[(image * columns.Count) + column] =
                    similarities[((first + image) * captionOwner.Length) + columns[column]];
            }
        }

        return Compute(part, size, owners);
    }
}
