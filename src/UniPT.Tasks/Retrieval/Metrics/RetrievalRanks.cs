namespace UniPT.Tasks.Retrieval.Metrics;

/// <summary>
/// Where each query's match stands among all candidates, counted from 0 in descending similarity.
/// </summary>
/// <remarks>
/// Ties go against the match: candidates as similar as it stand before it. So a model that maps everything to one
/// point scores nothing, and the order of images and captions never changes a rank. Similarities are cosines; those that
/// differ by no more than <see cref="Rounding"/> are ties, since equal pictures in different batches differ by as much.
/// </remarks>
public sealed class RetrievalRanks
{
    /// <summary>
    /// How far apart the cosines of equal candidates may be. The order in which a network adds up depends on the place in a batch; by it
    /// the cosines of one picture differed by 1.4e-6 at most on the models and methods here. Among 5,000 candidates that are not equal, the
    /// neighbours of the tenth are about 1e-3 apart.
    /// </summary>
    public const float Rounding = 1e-5f;

    /// <summary>Columns that are copied together, because a cache line holds that many similarities.</summary>
    private const int ColumnBlock = 16;

    private RetrievalRanks(int images, int captions)
    {
        ImageToText = new int[images];
        TextToImage = new int[captions];
        TopCaption = new int[images];
        TopImage = new int[captions];
    }

    /// <summary>For each image, the rank of the best of its captions.</summary>
    public int[] ImageToText { get; }

    /// <summary>For each caption, the rank of its image.</summary>
    public int[] TextToImage { get; }

    /// <summary>For each image, the caption that stands first; of equals the first wrong one.</summary>
    public int[] TopCaption { get; }

    /// <summary>For each caption, the image that stands first; of equals the first wrong one.</summary>
    public int[] TopImage { get; }

    /// <summary>Ranks every image and every caption.</summary>
    /// <param name="similarities">Similarities <c>[images, captions]</c>, row by row.</param>
    /// <param name="imageCount">Number of images.</param>
    /// <param name="captionOwner">The image of each caption; every image has at least one, in any order.</param>
    /// <exception cref="ArgumentException">The sizes disagree, or an image has no caption.</exception>
    /// <exception cref="UserException">A similarity is not a number.</exception>
    public static RetrievalRanks Compute(
        ReadOnlySpan<float> similarities, int imageCount, ReadOnlySpan<int> captionOwner)
    {
        int captionCount = captionOwner.Length;
        if (similarities.Length != (long)imageCount * captionCount)
        {
            throw new ArgumentException(
                $"{imageCount} images and {captionCount} captions do not have {similarities.Length} similarities.");
        }

        var ranks = new RetrievalRanks(imageCount, captionCount);
        for (int image = 0; image < imageCount; image++)
        {
            ReadOnlySpan<float> row = similarities.Slice(image * captionCount, captionCount);
            (ranks.ImageToText[image], ranks.TopCaption[image]) = Rank(row, captionOwner, image);
        }

        ReadOnlySpan<int> images = [.. Enumerable.Range(0, imageCount)];
        var columns = new float[ColumnBlock * imageCount];
        for (int first = 0; first < captionCount; first += ColumnBlock)
        {
            int count = Math.Min(ColumnBlock, captionCount - first);
            for (int image = 0; image < imageCount; image++)
            {
                for (int column = 0; column < count; column++)
                {
                    columns[(column * imageCount) + image] = similarities[(image * captionCount) + first + column];
                }
            }

            for (int column = 0; column < count; column++)
            {
                int caption = first + column;
                (ranks.TextToImage[caption], ranks.TopImage[caption]) =
                    Rank(columns.AsSpan(column * imageCount, imageCount), images, captionOwner[caption]);
            }
        }

        return ranks;
    }

    /// <summary>Ranks one query: candidates whose owner is <paramref name="image"/> match.</summary>
    private static (int Rank, int Top) Rank(ReadOnlySpan<float> similarities, ReadOnlySpan<int> owners, int image)
    {
        int match = -1;
        int other = -1;
        for (int i = 0; i < similarities.Length; i++)
        {
            if (float.IsNaN(similarities[i]))
            {
                throw new UserException(
                    $"A similarity of image {image} is not a number (NaN): the embeddings are damaged, as after a "
                    + "diverged training; try a lower learning rate.");
            }

            ref int best = ref owners[i] == image ? ref match : ref other;
            if (best < 0 || similarities[i] > similarities[best])
            {
                best = i;
            }
        }

        if (match < 0)
        {
            throw new ArgumentException($"Image {image} has no caption, or a caption has no image of that number.");
        }

        float tied = similarities[match] - Rounding;
        if (other < 0 || similarities[other] < tied)
        {
            return (0, match);
        }

        int rank = 0;
        for (int i = 0; i < similarities.Length; i++)
        {
            rank += similarities[i] >= tied && owners[i] != image ? 1 : 0;
        }

        return (rank, other);
    }
}
