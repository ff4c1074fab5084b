using System.Text;
using System.Text.RegularExpressions;
using UniPT.Backbones.Unicode;

namespace UniPT.Backbones.Clip;

/// <summary>
/// Repairs text that went through wrong hands, as CLIP's training captions were (by the Python package <c>ftfy</c> 6.1 with its
/// defaults): mojibake of Latin-1 and Windows-1252, HTML entities, ligatures, full and half width, curled quotes, line ends, lone surrogates,
/// terminal escapes and control characters; then Unicode's form NFC.
/// </summary>
internal static partial class TextRepair
{
    private static readonly Dictionary<char, string> Ligatures = new()
    {
        ['Ĳ'] = "IJ",
        ['ĳ'] = "ij",
        ['ŉ'] = "'n",
        ['Ǆ'] = "DŽ",
        ['ǅ'] = "Dž",
        ['ǆ'] = "dž",
        ['Ǉ'] = "LJ",
        ['ǈ'] = "Lj",
        ['ǉ'] = "lj",
        ['Ǌ'] = "NJ",
        ['ǋ'] = "Nj",
        ['ǌ'] = "nj",
        ['Ǳ'] = "DZ",
        ['ǲ'] = "Dz",
        ['ǳ'] = "dz",
        ['ﬀ'] = "ff",
        ['ﬁ'] = "fi",
        ['ﬂ'] = "fl",
        ['ﬃ'] = "ffi",
        ['ﬄ'] = "ffl",
        ['ﬅ'] = "ſt",
        ['ﬆ'] = "st",
    };

    /// <summary>The repaired text. Plain ASCII without entities, escapes and control characters is right already.</summary>
    /// <exception cref="UserException">The process runs without ICU and the text is not ASCII.</exception>
    internal static string Repair(string text)
    {
        // A line with a "<" may be HTML, in which entities stand for what is not markup; so may what follows it.
        bool unescapes = true;
        var repaired = new StringBuilder(text.Length);
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start) is >= 0 and var found ? found + 1 : text.Length;
            string line = text[start..end];
            unescapes &= !line.Contains('<');
            repaired.Append(RepairLine(line, unescapes));
            start = end;
        }

        return repaired.ToString();
    }

    // One repair may bring to light what another has to do. Each makes the text shorter or plainer, so this ends.
    private static string RepairLine(string line, bool unescapes)
    {
        string before;
        do
        {
            before = line;
            line = unescapes ? HtmlEntities.UnescapeWhole(line) : line;
            line = Mojibake.Repair(line);
            line = TerminalEscape().Replace(line, "");
            line = Plain(line).Replace("\r\n", "\n").Replace('\r', '\n');
            line = NormalForm.Of(line, NormalizationForm.FormC);
        }
        while (line != before);

        return line;
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (char.IsSurrogate(character))
            {
                bool isPair = i + 1 < text.Length && char.IsSurrogatePair(character, text[i + 1]);
                plain.Append(isPair ? text.AsSpan(i++, 2) : "\uFFFD");
            }
            else if (!IsControl(character))
            {
                plain.Append(Plain(character));
            }
        }

        return plain.ToString();
    }

    private static string Plain(char character) => character switch
    {
        >= '\x80' and <= '\x9F' => Mojibake.Windows1252[character].ToString(),
        '\u02BC' or (>= '\u2018' and <= '\u201B') => "'",
        >= '\u201C' and <= '\u201F' => "\"",
        '\u2028' or '\u2029' => "\n",
        '\u3000' => " ",
        >= '\uFF01' and <= '\uFFEF' => NormalForm.Of(character.ToString(), NormalizationForm.FormKC),
        _ => Ligatures.GetValueOrDefault(character) ?? character.ToString(),
    };

    // Tab, line feed, form feed and carriage return are white space.
    private static bool IsControl(char character) => character is
        (<= '\x08') or '\x0B' or (>= '\x0E' and <= '\x1F') or '\x7F' or (>= '\u206A' and <= '\u206F') or '\uFEFF' or (>= '\uFFF9' and <= '\uFFFC');

    [GeneratedRegex("\\e\\[[0-9;]*[A-Za-z]")]
    private static partial Regex TerminalEscape();
}
