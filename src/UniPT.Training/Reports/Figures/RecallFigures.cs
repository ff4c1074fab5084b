using UniPT.Tasks.Retrieval.Metrics;

namespace UniPT.Training.Reports.Figures;

/// <summary>Recalls of both directions over seeds.</summary>
/// <param name="ImageToText">Pictures that look for a caption.</param>
/// <param name="TextToImage">Captions that look for their picture.</param>
/// <param name="RSum">The six recalls added, 0 … 600.</param>
public sealed record RecallFigures(DirectionRecalls ImageToText, DirectionRecalls TextToImage, Statistic RSum)
{
    /// <summary>The figures of one evaluation per seed.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static RecallFigures Of(IReadOnlyCollection<RetrievalMetrics> seeds) => new(
        DirectionRecalls.Of([.. seeds.Select(seed => seed.ImageToText)]),
        DirectionRecalls.Of([.. seeds.Select(seed => seed.TextToImage)]),
        Statistic.Of([.. seeds.Select(seed => seed.RSum)]));

    /// <summary>
    /// What a random order finds among <paramref name="pictures"/> pictures with <paramref name="captionsEach"/>
    /// captions each: a picture succeeds with any of its captions, a caption only with its picture.
    /// </summary>
    public static RecallFigures Chance(int pictures, int captionsEach)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pictures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(captionsEach, 1);
        DirectionRecalls imageToText = RandomOrder(pictures * (long)captionsEach, captionsEach);
        DirectionRecalls textToImage = RandomOrder(pictures, 1);
        double sum = new[] { imageToText, textToImage }.Sum(part => part.RecallAt1.Mean + part.RecallAt5.Mean + part.RecallAt10.Mean);
        return new RecallFigures(imageToText, textToImage, new Statistic(sum));
    }

    private static DirectionRecalls RandomOrder(long candidates, int right)
    {
        return new DirectionRecalls(At(1), At(5), At(10));

        Statistic At(int k)
        {
            // All of the first k are wrong: a draw without replacement.
            double wrong = 1;
            for (int drawn = 0; drawn < k && drawn < candidates; drawn++)
            {
                wrong *= Math.Max(0, candidates - right - drawn) / (double)(candidates - drawn);
            }

            return new Statistic(100 * (1 - wrong));
        }
    }
}
