using UniPT.Backbones.UseLite;

namespace UniPT.Training.Retrieval;

/// <summary>Token ids of a caption, cut to what the text backbone reads.</summary>
internal sealed class CaptionTokenizer(UseLiteTokenizer tokenizer)
{
    private const int MaxTokens = 128;

    internal static CaptionTokenizer Open(string vocabulary) => new(UseLiteTokenizer.Open(vocabulary));

    internal int[] Encode(string text)
    {
        int[] ids = tokenizer.Encode(text);
        return ids.Length > MaxTokens ? ids[..MaxTokens] : ids;
    }
}
