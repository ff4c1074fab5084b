using System.Globalization;
using System.Text;

namespace UniPT.Backbones.Tokenizers;

/// <summary>
/// What byte-level tokenizers take for a word: contractions, and runs of letters, of numbers and of anything else. Characters past the
/// BMP count by their category, which .NET's regular expressions do not know.
/// </summary>
internal static class WordSplitter
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    /// <summary>A character's part in a word.</summary>
    internal enum Kind
    {
        /// <summary>Categories L*.</summary>
        Letter,

        /// <summary>Categories N*.</summary>
        Number,

        /// <summary>White space.</summary>
        Space,

        /// <summary>All else.</summary>
        Other,
    }

    /// <summary>The contraction at a place; null for none.</summary>
    internal static string? ContractionAt(string text, int start) =>
        text[start] == '\'' ? Contractions.FirstOrDefault(end => string.CompareOrdinal(text, start, end, 0, end.Length) == 0) : null;

    /// <summary>The kind of the character at a place, and its length.</summary>
    internal static (Kind Kind, int Length) At(string text, int start)
    {
        if (!Rune.TryGetRuneAt(text, start, out Rune rune))
        {
            return (Kind.Other, 1); // half a surrogate pair
        }

        Kind kind = Rune.IsWhiteSpace(rune) ? Kind.Space : Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
        return (kind, rune.Utf16SequenceLength);
    }

    /// <summary>Where the run of the kind that stands at a place ends.</summary>
    internal static int EndOfRun(string text, int start)
    {
        (Kind kind, int length) = At(text, start);
        int end = start + length;
        while (end < text.Length && At(text, end) is var next && next.Kind == kind)
        {
            end += next.Length;
        }

        return end;
    }
}
