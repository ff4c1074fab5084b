using UniPT.Backbones.Tokenizers;

namespace UniPT.Tasks.Grounding.Spans;

/// <summary>Which token of a text each of its characters belongs to. Characters are counted as Python counts them, by code points, as the spans of annotation files are.</summary>
public sealed class TokenMap
{
    private readonly IReadOnlyList<int?> _tokens;

    /// <summary>Of every character's token; null for one that belongs to none, such as a space.</summary>
    public TokenMap(IReadOnlyList<int?> tokens) => _tokens = tokens;

    /// <summary>Of a text's tokens; a character of several belongs to the first.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">Its tokens, special ones included, in order.</param>
    public TokenMap(string text, IReadOnlyList<PlacedToken> tokens)
    {
        var all = new List<int?>();
        for (int start = 0; start < text.Length;)
        {
            int length = char.IsSurrogatePair(text, start) ? 2 : 1;
            (int first, int end) = (start, start + length);
            int token = Enumerable.Range(0, tokens.Count).FirstOrDefault(i => tokens[i].Start < end && tokens[i].End > first, -1);
            all.Add(token < 0 ? null : token);
            start = end;
        }

        _tokens = all;
    }

    /// <summary>The token of a character; null where there is no such character, or it belongs to none.</summary>
    public int? At(int character) => character >= 0 && character < _tokens.Count ? _tokens[character] : null;
}
