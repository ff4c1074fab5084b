using UniPT.Backbones;
using UniPT.Backbones.Caching;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Inputs;
using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Tuning;

namespace UniPT.Training.Retrieval;

/// <summary>Embeds a split and measures recall on it.</summary>
internal sealed class RetrievalEvaluator(
    ImageCaptionSplit split, PictureLoader loader, IReadOnlyList<int[]> captions, string device, int batchSize = 64)
{
    /// <summary>The picture of every caption.</summary>
    internal int[] Owners { get; } =
        [.. split.Images.SelectMany((image, i) => Enumerable.Repeat(i, image.Captions.Count))];

    /// <summary>Recall both ways over the whole split.</summary>
    internal RetrievalMetrics Measure(
        RetrievalModel model, HiddenStateCache? pictures, HiddenStateCache? texts, CancellationToken cancellation)
    {
        using TensorScope scope = TensorScope.Begin();
        using GradientMode unrecorded = Gradients.Off();
        Tensor images = EmbedPictures(model, pictures, cancellation);
        Tensor sentences = EmbedCaptions(model, texts, cancellation);
        float[] similarities = images.MatMul(sentences.Transpose(0, 1)).Contiguous().ToArray<float>();
        return RetrievalMetrics.Compute(similarities, split.Images.Count, Owners);
    }

    /// <summary>Unit vectors of all pictures, <c>[pictures, embedding]</c>.</summary>
    internal Tensor EmbedPictures(RetrievalModel model, HiddenStateCache? cache, CancellationToken cancellation) =>
        Collect(split.Images.Count, cancellation, chunk => model.Image.Embed(HiddenOfPictures(model, cache, chunk)));

    /// <summary>Unit vectors of all captions, <c>[captions, embedding]</c>.</summary>
    internal Tensor EmbedCaptions(RetrievalModel model, HiddenStateCache? cache, CancellationToken cancellation) =>
        Collect(captions.Count, cancellation, chunk => model.Text.Embed(HiddenOfCaptions(model, cache, chunk)));

    /// <summary>The pooled hidden states of all pictures, <c>[pictures, joined]</c>.</summary>
    internal Tensor PoolPictures(RetrievalModel model, HiddenStateCache? cache) =>
        Collect(split.Images.Count, CancellationToken.None, chunk => Standardization.Pool(HiddenOfPictures(model, cache, chunk)));

    /// <summary>The pooled hidden states of all captions, <c>[captions, joined]</c>.</summary>
    internal Tensor PoolCaptions(RetrievalModel model, HiddenStateCache? cache) =>
        Collect(captions.Count, CancellationToken.None, chunk => Standardization.Pool(HiddenOfCaptions(model, cache, chunk)));

    private HiddenStates HiddenOfPictures(RetrievalModel model, HiddenStateCache? cache, int[] chunk)
    {
        if (cache is not null)
        {
            return cache.Get(chunk);
        }

        using Tensor pixels = loader.Load(split, chunk);
        return model.Image.Tuned.Hidden(new BackboneInput(pixels.To(device)));
    }

    private HiddenStates HiddenOfCaptions(RetrievalModel model, HiddenStateCache? cache, int[] chunk) => cache is not null
        ? cache.Get(chunk)
        : model.Text.Tuned.Hidden(CaptionInput.Batch([.. chunk.Select(i => captions[i])], device));

    private Tensor Collect(int count, CancellationToken cancellation, Func<int[], Tensor> embed)
    {
        using TensorScope scope = TensorScope.Begin();
        using GradientMode unrecorded = Gradients.Off();
        var parts = new List<Tensor>();
        foreach (int[] chunk in Enumerable.Range(0, count).Chunk(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using TensorScope step = TensorScope.Begin();
            parts.Add(step.HandOut(embed(chunk)));
        }

        return scope.HandOut(Tensor.Cat([.. parts]));
    }
}
