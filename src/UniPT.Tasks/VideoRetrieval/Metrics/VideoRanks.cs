namespace UniPT.Tasks.VideoRetrieval.Metrics;

/// <summary>Where the match of every query stands among all candidates, counted from 0, as CLIP4Clip's published code counts it.</summary>
public static class VideoRanks
{
    /// <summary>
    /// Of one text for every video: the candidates that are more alike. A candidate that is exactly as much alike as the match makes another entry,
    /// one rank lower, so that there may be more ranks than queries.
    /// </summary>
    /// <param name="similarities"><c>[queries, candidates]</c> row by row, as many of both: query i belongs to candidate i.</param>
    /// <param name="count">Number of queries.</param>
    /// <exception cref="ArgumentException">The number of similarities is another.</exception>
    /// <exception cref="UserException">A similarity is not a number.</exception>
    public static int[] OfPairs(ReadOnlySpan<float> similarities, int count)
    {
        Require(similarities, count, count);
        var ranks = new List<int>(count);
        for (int query = 0; query < count; query++)
        {
            (int above, int equal) = Stands(similarities.Slice(query * count, count), query);
            ranks.AddRange(Enumerable.Range(above, equal));
        }

        return [.. ranks];
    }

    /// <summary>
    /// Of every text its video's, where videos have several. Videos that are exactly as much alike stand before it; the published code leaves their order to
    /// the sorting.
    /// </summary>
    /// <param name="similarities"><c>[texts, videos]</c> row by row.</param>
    /// <param name="owners">The video of every text.</param>
    /// <param name="videos">Number of videos.</param>
    /// <exception cref="ArgumentException">The number of similarities is another.</exception>
    /// <exception cref="UserException">A similarity is not a number.</exception>
    public static int[] OfTexts(ReadOnlySpan<float> similarities, IReadOnlyList<int> owners, int videos)
    {
        Require(similarities, owners.Count, videos);
        var ranks = new int[owners.Count];
        for (int text = 0; text < ranks.Length; text++)
        {
            (int above, int equal) = Stands(similarities.Slice(text * videos, videos), owners[text]);
            ranks[text] = above + equal - 1;
        }

        return ranks;
    }

    /// <summary>
    /// Of videos that have several texts each, <c>[videos, videos]</c> row by row: how much video i is alike to the most alike text of video j. The ranks of
    /// the videos are <see cref="OfPairs"/> of this.
    /// </summary>
    /// <param name="similarities"><c>[texts, videos]</c> row by row.</param>
    /// <param name="owners">The video of every text; every video has one at least.</param>
    /// <param name="videos">Number of videos.</param>
    /// <exception cref="ArgumentException">The number of similarities is another, or a video has no text.</exception>
    /// <exception cref="UserException">A similarity is not a number.</exception>
    public static float[] BestTexts(ReadOnlySpan<float> similarities, IReadOnlyList<int> owners, int videos)
    {
        Require(similarities, owners.Count, videos);
        if (Enumerable.Range(0, videos).Except(owners).Any())
        {
            throw new ArgumentException("Every video needs a text.", nameof(owners));
        }

        var best = new float[videos * videos];
        Array.Fill(best, float.NegativeInfinity);
        for (int text = 0; text < owners.Count; text++)
        {
            for (int video = 0; video < videos; video++)
            {
                ref float known = ref best[(video * videos) + owners[text]];
                known = Math.Max(known, similarities[(text * videos) + video]);
            }
        }

        return best;
    }

    /// <summary>How many candidates are more alike than the match, and how many exactly as much, itself among them.</summary>
    private static (int Above, int Equal) Stands(ReadOnlySpan<float> row, int match)
    {
        (int above, int equal) = (0, 0);
        foreach (float similarity in row)
        {
            above += similarity > row[match] ? 1 : 0;
            equal += similarity == row[match] ? 1 : 0;
        }

        return (above, equal);
    }

    private static void Require(ReadOnlySpan<float> similarities, int rows, int columns)
    {
        if (similarities.Length != (long)rows * columns)
        {
            throw new ArgumentException($"{rows} queries and {columns} candidates do not have {similarities.Length} similarities.", nameof(similarities));
        }

        foreach (float similarity in similarities)
        {
            if (float.IsNaN(similarity))
            {
                throw new UserException(
                    "A similarity of a text and a video is not a number (NaN): the embeddings are damaged, as after a diverged training; try a lower learning rate.");
            }
        }
    }
}
