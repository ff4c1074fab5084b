using UniPT.Backbones;
using UniPT.Backbones.Caching;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Inputs;
using UniPT.Torch;

namespace UniPT.Training.Retrieval;

/// <summary>The hidden states of one split, where a recipe asks for them to be kept.</summary>
internal sealed record RetrievalCaches(HiddenStateCache Pictures, HiddenStateCache Texts) : IDisposable
{
    private const int BatchSize = 32;
    private const string Advice = "train.cache takes 32 examples at once: lower data.image_size or set train.cache to false";

    /// <summary>Runs both frozen backbones once over a split.</summary>
    internal static RetrievalCaches Build(
        string folder, string name, BackboneStream image, BackboneStream text, ImageCaptionSplit split, IReadOnlyList<int[]> captions, PictureLoader loader, Device device)
    {
        HiddenStateCache pictures = TorchErrors.Explain(
            () => HiddenStateCache.Build(
                Path.Combine(folder, $"{name}.pictures.safetensors"), image, PictureBatches(split, loader, device), split.Images.Count, device: device),
            Advice);
        try
        {
            HiddenStateCache texts = TorchErrors.Explain(
                () => HiddenStateCache.Build(
                    Path.Combine(folder, $"{name}.captions.safetensors"), text, CaptionBatches(captions, device), captions.Count, [.. captions.Select(ids => ids.Length)], device),
                Advice);
            return new RetrievalCaches(pictures, texts);
        }
        catch
        {
            pictures.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Pictures.Dispose();
        Texts.Dispose();
    }

    private static IEnumerable<BackboneInput> PictureBatches(ImageCaptionSplit split, PictureLoader loader, Device device)
    {
        foreach (int[] chunk in Enumerable.Range(0, split.Images.Count).Chunk(BatchSize))
        {
            using Tensor pixels = loader.Load(split, chunk);
            yield return new BackboneInput(pixels.to(device));
        }
    }

    private static IEnumerable<BackboneInput> CaptionBatches(IReadOnlyList<int[]> captions, Device device) =>
        captions.Chunk(BatchSize).Select(chunk => CaptionInput.Batch(chunk, device));
}
