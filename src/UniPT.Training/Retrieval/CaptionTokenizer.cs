using UniPT.Backbones.UseLite;
using UniPT.Training.Recipes;

namespace UniPT.Training.Retrieval;

/// <summary>Token ids of a caption, cut to what the text backbone reads.</summary>
internal sealed class CaptionTokenizer(UseLiteTokenizer tokenizer)
{
    private const int MaxTokens = 128;

    /// <exception cref="UserException">The vocabulary is missing or broken, or the backbone was trained on another kind.</exception>
    internal static CaptionTokenizer Open(TextTowerOptions options)
    {
        string known = UseLiteEncoder.Architecture.Name;
        return options.Backbone == known
            ? new(UseLiteTokenizer.Open(options.VocabularyPlace))
            : throw new UserException(
                $"text.backbone is {options.Backbone}; captions can be tokenized for {known} only, and another vocabulary's ids would mean nothing to it.");
    }

    internal int[] Encode(string text)
    {
        int[] ids = tokenizer.Encode(text);
        return ids.Length > MaxTokens ? ids[..MaxTokens] : ids;
    }
}
