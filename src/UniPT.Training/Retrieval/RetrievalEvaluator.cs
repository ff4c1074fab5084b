using UniPT.Backbones;
using UniPT.Backbones.Caching;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Inputs;
using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Adapters;
using UniPT.Tuning;

namespace UniPT.Training.Retrieval;

/// <summary>Embeds a split and measures recall on it.</summary>
internal sealed class RetrievalEvaluator(
    ImageCaptionSplit split, PictureLoader loader, IReadOnlyList<int[]> captions, Device device, int batchSize = 64)
{
    private readonly string _advice = $"evaluation takes {batchSize} examples at once: it needs a lower data.image_size or more memory";

    /// <summary>The picture of every caption.</summary>
    internal int[] Owners { get; } =
        [.. split.Images.SelectMany((image, i) => Enumerable.Repeat(i, image.Captions.Count))];

    /// <summary>Recall both ways over the whole split.</summary>
    internal RetrievalMetrics Measure(
        RetrievalModel model, HiddenStateCache? pictures, HiddenStateCache? texts, CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Measure(EmbedPictures(model, pictures, cancellation), EmbedCaptions(model, texts, cancellation));
    }

    /// <summary>The same for each adapter of a set, with one pass of the backbones.</summary>
    internal IReadOnlyList<RetrievalMetrics> Measure(RetrievalAdapterSet set, CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<Tensor> images = Collect(split.Images.Count, cancellation, chunk => set.EmbedPictures(Pixels(chunk)));
        IReadOnlyList<Tensor> sentences = Collect(captions.Count, cancellation, chunk => set.EmbedTexts(Ids(chunk)));
        return [.. images.Zip(sentences, Measure)];
    }

    /// <summary>Unit vectors of all pictures, <c>[pictures, embedding]</c>.</summary>
    internal Tensor EmbedPictures(RetrievalModel model, HiddenStateCache? cache, CancellationToken cancellation) =>
        Collect(split.Images.Count, cancellation, chunk => [model.Image.Embed(HiddenOfPictures(model, cache, chunk))])[0];

    /// <summary>Unit vectors of all captions, <c>[captions, embedding]</c>.</summary>
    internal Tensor EmbedCaptions(RetrievalModel model, HiddenStateCache? cache, CancellationToken cancellation) =>
        Collect(captions.Count, cancellation, chunk => [model.Text.Embed(HiddenOfCaptions(model, cache, chunk))])[0];

    /// <summary>The pooled hidden states of all pictures, <c>[pictures, joined]</c>.</summary>
    internal Tensor PoolPictures(RetrievalModel model, HiddenStateCache? cache) =>
        Collect(split.Images.Count, CancellationToken.None, chunk => [Standardization.Pool(HiddenOfPictures(model, cache, chunk))])[0];

    /// <summary>The pooled hidden states of all captions, <c>[captions, joined]</c>.</summary>
    internal Tensor PoolCaptions(RetrievalModel model, HiddenStateCache? cache) =>
        Collect(captions.Count, CancellationToken.None, chunk => [Standardization.Pool(HiddenOfCaptions(model, cache, chunk))])[0];

    private HiddenStates HiddenOfPictures(RetrievalModel model, HiddenStateCache? cache, int[] chunk) =>
        cache?.Get(chunk) ?? model.Image.Tuned.Hidden(Pixels(chunk));

    private HiddenStates HiddenOfCaptions(RetrievalModel model, HiddenStateCache? cache, int[] chunk) =>
        cache?.Get(chunk) ?? model.Text.Tuned.Hidden(Ids(chunk));

    private BackboneInput Pixels(int[] chunk)
    {
        using Tensor pixels = loader.Load(split, chunk);
        return new BackboneInput(pixels.to(device));
    }

    private BackboneInput Ids(int[] chunk) => CaptionInput.Batch([.. chunk.Select(i => captions[i])], device);

    private RetrievalMetrics Measure(Tensor images, Tensor sentences) => RetrievalMetrics.Compute(
        images.MatMul(sentences.transpose(0, 1)).contiguous().ToArray<float>(), split.Images.Count, Owners);

    /// <summary>Embeds a batch at a time, and joins the batches of each tensor.</summary>
    private IReadOnlyList<Tensor> Collect(int count, CancellationToken cancellation, Func<int[], IReadOnlyList<Tensor>> embed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var parts = new List<IReadOnlyList<Tensor>>();
        foreach (int[] chunk in Enumerable.Range(0, count).Chunk(batchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope step = torch.NewDisposeScope();
            parts.Add(step.MoveAllToOuter(TorchErrors.Explain(() => Inference.Run(() => embed(chunk)), _advice)));
        }

        return scope.MoveAllToOuter(TorchErrors.Explain(() => parts[0].Select((_, i) => torch.cat([.. parts.Select(part => part[i])])).ToArray(), _advice));
    }
}
