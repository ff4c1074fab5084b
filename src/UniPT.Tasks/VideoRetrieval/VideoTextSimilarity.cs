using UniPT.Torch;

namespace UniPT.Tasks.VideoRetrieval;

/// <summary>
/// How much texts and videos are alike, as CLIP4Clip has it without a temporal network (Luo et al., arXiv 2104.08860, "mean pooling"): a video is the mean
/// direction of its frames.
/// </summary>
public static class VideoTextSimilarity
{
    private const double SmallestLength = 1e-6;

    /// <summary>Vectors of length 1, but for those shorter than 1e-6, along the last dimension.</summary>
    public static Tensor Normalize(Tensor vectors)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(vectors / vectors.norm(-1, true).clamp_min(Scalars.Of(SmallestLength)));
    }

    /// <summary>The vector of every video, of length 1, <c>[B, F, D] → [B, D]</c>; 0 for a video without any frame.</summary>
    /// <param name="frames">Embeddings of the frames, <c>[B, F, D]</c>.</param>
    /// <param name="mask">1 for frames that count, 0 for missing ones, <c>[B, F]</c> of any type.</param>
    public static Tensor Pool(Tensor frames, Tensor mask)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor counts = mask.to(frames.dtype).unsqueeze(-1);
        Tensor mean = (Normalize(frames) * counts).sum(1L) / counts.sum(1L).clamp_min(Scalars.Of(1));
        return scope.MoveToOuter(Normalize(mean));
    }

    /// <summary>As <see cref="Pool(Tensor, Tensor)"/>, of frames in one list, film after film: <c>[frames, D] → [B, D]</c>.</summary>
    /// <param name="frames">Embeddings of all frames.</param>
    /// <param name="places">Places of each film in the list, at least 1.</param>
    /// <param name="present">How many of these, from the first, have a frame.</param>
    public static Tensor Pool(Tensor frames, IReadOnlyList<int> places, IReadOnlyList<int> present)
    {
        int most = places.Max();
        var targets = new List<long>();
        var mask = new float[places.Count * most];
        for (int film = 0; film < places.Count; film++)
        {
            targets.AddRange(Enumerable.Range(film * most, places[film]).Select(place => (long)place));
            mask.AsSpan(film * most, present[film]).Fill(1);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        Tensor padded = torch.zeros([places.Count * most, frames.size(1)], dtype: frames.dtype, device: frames.device)
            .index_copy(0, TensorData.From(targets.ToArray()).to(frames.device), frames);
        return scope.MoveToOuter(Pool(padded.view(places.Count, most, frames.size(1)), TensorData.From(mask, places.Count, most).to(frames.device)));
    }

    /// <summary>The logits <c>[texts, videos]</c>: cosines times e to the scale.</summary>
    /// <param name="texts">Embeddings of the texts, <c>[texts, D]</c> of any length.</param>
    /// <param name="videos">As <see cref="Pool(Tensor, Tensor)"/> gives them, <c>[videos, D]</c>.</param>
    /// <param name="logScale">CLIP's <c>logit_scale</c>, a scalar.</param>
    public static Tensor Logits(Tensor texts, Tensor videos, Tensor logScale)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Normalize(texts).MatMul(videos.transpose(0, 1)) * logScale.exp());
    }

    /// <summary>
    /// The two halves of CLIP4Clip's loss, which is their mean: cross-entropy of each text among all videos of the batch, and of each video among all texts.
    /// </summary>
    /// <param name="logits">Of pairs, <c>[B, B]</c>: text i belongs to video i.</param>
    /// <returns>Two scalars.</returns>
    public static (Tensor TextToVideo, Tensor VideoToText) Losses(Tensor logits)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor Among(long dimension) => -logits.log_softmax(dimension).diagonal().mean();
        return (scope.MoveToOuter(Among(1)), scope.MoveToOuter(Among(0)));
    }
}
