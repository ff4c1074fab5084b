using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace UniPT.Backbones.Clip;

/// <summary>
/// Character references of HTML 5 (html.spec.whatwg.org, "Named character references"), as Python's <c>html.unescape</c> reads them:
/// some names need no semicolon, and of an unknown one the longest known beginning counts.
/// </summary>
internal static partial class HtmlEntities
{
    private static readonly Dictionary<string, string> Names = Read();

    /// <summary>All references replaced; what is none stays.</summary>
    internal static string Unescape(string text) => text.Contains('&') ? Reference().Replace(text, match => OfReference(match.Value)) : text;

    /// <summary>Only whole references, up to their semicolon, but also names in capitals that HTML has only in small letters.</summary>
    internal static string UnescapeWhole(string text) => text.Contains('&') ? WholeReference().Replace(text, match => OfWhole(match.Value)) : text;

    private static string OfReference(string reference)
    {
        string name = reference[1..];
        if (name[0] == '#')
        {
            return OfNumber(name[1..].TrimEnd(';'));
        }

        for (int length = name.Length; length > 1; length--)
        {
            if (Names.TryGetValue(name[..length], out string? characters))
            {
                return characters + name[length..];
            }
        }

        return reference;
    }

    private static string OfWhole(string reference)
    {
        string name = reference[1..];
        if (name[0] == '#')
        {
            string replaced = Unescape(reference);
            return replaced.Contains(';') ? reference : replaced;
        }

        return Names.TryGetValue(name, out string? characters) ? characters
            : !name.Any(char.IsAsciiLetterLower) && Names.TryGetValue(name.ToLowerInvariant(), out string? small) ? small.ToUpperInvariant()
            : reference;
    }

    private static string OfNumber(string digits)
    {
        bool isHexadecimal = digits[0] is 'x' or 'X';
        bool fits = uint.TryParse(
            isHexadecimal ? digits.AsSpan(1) : digits, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out uint code);
        return !fits || code == 0 || !Rune.IsValid(code) ? "\uFFFD"
            : code == '\r' ? "\r"
            : code is >= 0x80 and <= 0x9F ? Mojibake.Windows1252[(int)code].ToString()
            : IsNoCharacter(code) ? ""
            : new Rune(code).ToString();
    }

    private static bool IsNoCharacter(uint code) =>
        code is (>= 0x1 and <= 0x8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or (>= 0xFDD0 and <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE;

    private static Dictionary<string, string> Read()
    {
        using var reader = new StreamReader(typeof(HtmlEntities).Assembly.GetManifestResourceStream("HtmlEntities.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' ')).ToDictionary(
            parts => parts[0],
            parts => string.Concat(parts[1..].Select(code => new Rune(int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString())),
            StringComparer.Ordinal);
    }

    [GeneratedRegex("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)")]
    private static partial Regex Reference();

    [GeneratedRegex("&#?[0-9A-Za-z]{1,24};")]
    private static partial Regex WholeReference();
}
