using System.Globalization;
using System.Text;

namespace UniPT;

/// <summary>
/// Text of a file that is not trusted (texts, file names, tensor names), made fit for a terminal: what would steer it, or
/// pass for other text, becomes visible.
/// </summary>
public static class PrintableText
{
    private const char Unknown = '\uFFFD';

    /// <summary>
    /// The text on one line: control characters as their pictures (ESC as ␛), and those that turn the direction of writing, break
    /// lines or are half of a character as �.
    /// </summary>
    public static string Of(string text) => Replace(text, keepLines: false);

    /// <summary>The same, with the text's own lines.</summary>
    public static string Lines(string text) => Replace(text, keepLines: true);

    private static string Replace(string text, bool keepLines)
    {
        StringBuilder? replaced = null;
        for (int i = 0; i < text.Length; i++)
        {
            bool pair = char.IsSurrogatePair(text, i);
            char shown = pair || (keepLines && IsLineEnd(text, i)) ? text[i] : Show(text[i]);
            if (shown != text[i])
            {
                replaced ??= new StringBuilder(text);
                replaced[i] = shown;
            }

            i += pair ? 1 : 0;
        }

        return replaced?.ToString() ?? text;
    }

    private static bool IsLineEnd(string text, int i) => text[i] == '\n' || (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n');

    private static char Show(char c) => c switch
    {
        < ' ' => (char)('\u2400' + c),
        '\u007F' => '\u2421',

        // The marks and overrides of Unicode's bidirectional algorithm; joiners, which emoji need, are of the same category.
        '\u061C' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => Unknown,
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
            ? Unknown
            : c,
    };
}
