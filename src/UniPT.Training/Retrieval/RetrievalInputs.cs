using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Tasks.Retrieval.Inputs;
using UniPT.Training.Recipes;

namespace UniPT.Training.Retrieval;

/// <summary>Pictures and texts as a recipe's towers take them.</summary>
internal sealed class RetrievalInputs(Recipe recipe, CaptionTokenizer tokenizer)
{
    private readonly PictureLoader _loader = new(recipe.Data, recipe.Seed);

    /// <summary>Pixels <c>[B, 3, S, S]</c>.</summary>
    internal BackboneInput Pictures(IReadOnlyList<RgbImage> pictures)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return new BackboneInput(scope.MoveToOuter(torch.stack([.. pictures.Select(_loader.Prepare)]).to(recipe.Device.Name())));
    }

    /// <summary>Token ids <c>[B, N]</c>.</summary>
    /// <exception cref="UserException">A text has nothing in it.</exception>
    internal BackboneInput Texts(IReadOnlyList<string> texts) => CaptionInput.Batch([.. texts.Select(Encode)], recipe.Device.Name());

    /// <summary>Says that a text is longer than the text backbone reads; null for one that is not.</summary>
    internal string? CutNotice(string text) => tokenizer.Cuts(text) ? $"The query is longer than {tokenizer.Room} tokens and was cut." : null;

    private int[] Encode(string text)
    {
        int[] ids = tokenizer.Encode(text);
        return string.IsNullOrWhiteSpace(text) || ids.Length <= tokenizer.Fewest
            ? throw new UserException("The query is empty; say what to look for.")
            : ids;
    }
}
