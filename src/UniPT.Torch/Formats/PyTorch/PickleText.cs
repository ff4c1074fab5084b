using System.Globalization;
using System.Text;

namespace UniPT.Torch;

/// <summary>Texts as pickles of protocol 0 write them: in a line whose characters are bytes, with escapes.</summary>
internal static class PickleText
{
    /// <summary>The operation <c>STRING</c>, as Python 2 prints a text; its bytes are UTF-8. Null without quotation marks.</summary>
    internal static string? Quoted(string line) => line is ['\'' or '"', .., '\'' or '"'] && line[0] == line[^1] ? Bytes(line[1..^1]) : null;

    /// <summary>The operation <c>UNICODE</c>: Python's <c>raw-unicode-escape</c>.</summary>
    internal static string Unescaped(string line)
    {
        var text = new StringBuilder();
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\' && i + 1 < line.Length && line[i + 1] is 'u' or 'U' && Hex(line, i + 2, line[i + 1] == 'u' ? 4 : 8) is { } code && Rune.IsValid(code))
            {
                text.Append(new Rune(code));
                i += line[i + 1] == 'u' ? 5 : 9;
            }
            else
            {
                text.Append(line[i]);
            }
        }

        return text.ToString();
    }

    private static string Bytes(string line)
    {
        var bytes = new List<byte>();
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\' || i + 1 == line.Length)
            {
                bytes.Add((byte)line[i]);
                continue;
            }

            char kind = line[++i];
            if (kind == 'x' && Hex(line, i + 1, 2) is { } code)
            {
                bytes.Add((byte)code);
                i += 2;
            }
            else
            {
                bytes.Add((byte)(kind switch { 'n' => '\n', 't' => '\t', 'r' => '\r', _ => kind }));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static int? Hex(string text, int start, int digits) =>
        start + digits <= text.Length && int.TryParse(text.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) ? value : null;
}
