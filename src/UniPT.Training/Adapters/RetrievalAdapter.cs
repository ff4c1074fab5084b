using UniPT.Backbones.Media;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;

namespace UniPT.Training.Adapters;

/// <summary>A saved adapter of any method on its backbones, ready to embed pictures and texts.</summary>
public sealed class RetrievalAdapter : IDisposable
{
    internal RetrievalAdapter(string folder, Recipe recipe, RetrievalModel model, RetrievalInputs inputs) =>
        (Folder, Recipe, Model, Inputs) = (folder, recipe, model, inputs);

    /// <summary>Where it was loaded from.</summary>
    public string Folder { get; }

    /// <summary>What it was trained with, with paths that exist here.</summary>
    public Recipe Recipe { get; }

    /// <summary>The towers; owned.</summary>
    internal RetrievalModel Model { get; }

    /// <summary>Prepares pictures and texts as in training.</summary>
    internal RetrievalInputs Inputs { get; }

    /// <summary>Loads an adapter's folder, of whatever method, and checks everything that could be wrong with it.</summary>
    /// <param name="folder">A folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</param>
    /// <param name="models">Where the backbones' weights are, if not where the adapter says.</param>
    /// <param name="device">Where to compute; null: where it was trained.</param>
    /// <exception cref="UserException">A file is missing, broken or changed, or the backbone is another.</exception>
    public static RetrievalAdapter Load(string folder, string? models = null, DeviceKind? device = null) => AdapterFolder.Load(folder, models, device);

    /// <summary>Unit vectors <c>[B, embedding]</c> of pictures, in the current scope; their dot products are similarities.</summary>
    public Tensor EmbedPictures(IReadOnlyList<RgbImage> pictures) => TorchErrors.Explain(() => Inference.Run(() => Model.Image.Embed(Inputs.Pictures(pictures))));

    /// <summary>Unit vectors <c>[B, embedding]</c> of texts, in the current scope.</summary>
    /// <exception cref="UserException">A text has nothing in it.</exception>
    public Tensor EmbedTexts(IReadOnlyList<string> texts) => TorchErrors.Explain(() => Inference.Run(() => Model.Text.Embed(Inputs.Texts(texts))));

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Model.Dispose();
}
