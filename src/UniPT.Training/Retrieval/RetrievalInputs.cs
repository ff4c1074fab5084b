using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Inputs;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Torch.Images;
using UniPT.Training.Recipes;

namespace UniPT.Training.Retrieval;

/// <summary>Single pictures and texts as a recipe's towers take them.</summary>
internal sealed class RetrievalInputs(Recipe recipe, CaptionTokenizer tokenizer)
{
    private readonly PictureLoader _loader = new(recipe.Data, recipe.Seed);

    /// <summary>The unit vector of a picture, <c>[embedding]</c>.</summary>
    internal Tensor EmbedPicture(RetrievalModel model, RgbImage picture)
    {
        using TensorScope scope = TensorScope.Begin();
        using GradientMode unrecorded = Gradients.Off();
        Tensor pixels = _loader.Prepare(picture).Unsqueeze(0).To(recipe.Device.Name());
        return scope.HandOut(model.Image.Embed(new BackboneInput(pixels)).Select(0, 0));
    }

    /// <summary>The unit vector of a text, <c>[embedding]</c>.</summary>
    /// <exception cref="UserException">The text has nothing in it.</exception>
    internal Tensor EmbedText(RetrievalModel model, string text)
    {
        int[] ids = tokenizer.Encode(text);
        if (string.IsNullOrWhiteSpace(text) || ids.Length == 0)
        {
            throw new UserException("The query is empty; say what to look for.");
        }

        using TensorScope scope = TensorScope.Begin();
        using GradientMode unrecorded = Gradients.Off();
        return scope.HandOut(model.Text.Embed(CaptionInput.Batch([ids], recipe.Device.Name())).Select(0, 0));
    }
}
