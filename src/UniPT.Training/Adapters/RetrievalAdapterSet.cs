using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Recipes;

namespace UniPT.Training.Adapters;

/// <summary>
/// Several saved adapters on one pair of backbones, which is loaded once and runs once for all of them: whatever leaves the
/// hidden states as they are (<c>unipt</c>, <c>head</c>, <c>lst</c>).
/// </summary>
public sealed class RetrievalAdapterSet : IDisposable
{
    private readonly IReadOnlyList<RetrievalAdapter> _adapters;
    private readonly SharedTowers _pictures;
    private readonly SharedTowers _texts;

    private RetrievalAdapterSet(IReadOnlyList<RetrievalAdapter> adapters)
    {
        _adapters = adapters;
        _pictures = new SharedTowers([.. adapters.Select(adapter => adapter.Model.Image)]);
        _texts = new SharedTowers([.. adapters.Select(adapter => adapter.Model.Text)]);
    }

    /// <summary>The adapters' folders, in the order of what is embedded.</summary>
    public IReadOnlyList<string> Folders => [.. _adapters.Select(adapter => adapter.Folder)];

    /// <summary>What the first was trained with; backbones and preprocessing are those of all.</summary>
    public Recipe Recipe => _adapters[0].Recipe;

    /// <summary>The first; all share its backbones.</summary>
    internal RetrievalModel First => _adapters[0].Model;

    /// <summary>Loads adapters of the same backbones and preprocessing.</summary>
    /// <param name="folders">Their folders; at least one.</param>
    /// <param name="models">Where the backbones' weights are, if not where the first adapter says.</param>
    /// <param name="device">Where to compute; null: where the first was trained.</param>
    /// <exception cref="UserException">One cannot be loaded, does not fit the first, or changes the hidden states.</exception>
    public static RetrievalAdapterSet Load(IReadOnlyList<string> folders, string? models = null, DeviceKind? device = null)
    {
        var adapters = new List<RetrievalAdapter>();
        try
        {
            foreach (string folder in folders)
            {
                adapters.Add(AdapterFolder.Load(folder, models, device, adapters.FirstOrDefault()));
            }

            return adapters.Count > 0 ? new RetrievalAdapterSet(adapters) : throw new UserException("A set of adapters needs one at least.");
        }
        catch
        {
            Free(adapters);
            throw;
        }
    }

    /// <summary>Unit vectors <c>[B, embedding]</c> of pictures for each adapter, in the current scope.</summary>
    public IReadOnlyList<Tensor> EmbedPictures(IReadOnlyList<RgbImage> pictures) =>
        Inference.Run(() => EmbedPictures(_adapters[0].Inputs.Pictures(pictures)));

    /// <summary>Unit vectors <c>[B, embedding]</c> of texts for each adapter, in the current scope.</summary>
    /// <exception cref="UserException">A text has nothing in it.</exception>
    public IReadOnlyList<Tensor> EmbedTexts(IReadOnlyList<string> texts) =>
        Inference.Run(() => EmbedTexts(_adapters[0].Inputs.Texts(texts)));

    /// <summary>Frees the weights of all.</summary>
    public void Dispose() => Free(_adapters);

    /// <summary>As above, for callers that are in inference mode.</summary>
    internal IReadOnlyList<Tensor> EmbedPictures(BackboneInput pixels) => TorchErrors.Explain(() => _pictures.Embed(pixels));

    /// <summary>As above, for callers that are in inference mode.</summary>
    internal IReadOnlyList<Tensor> EmbedTexts(BackboneInput ids) => TorchErrors.Explain(() => _texts.Embed(ids));

    // The first owns the backbones, so it goes last.
    private static void Free(IReadOnlyList<RetrievalAdapter> adapters)
    {
        foreach (RetrievalAdapter adapter in adapters.Reverse())
        {
            adapter.Dispose();
        }
    }
}
