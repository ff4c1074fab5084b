using System.Text;

namespace UniPT.Backbones.Clip;

/// <summary>
/// UTF-8 that was read as Latin-1 or Windows-1252, found and read anew. Some such text could also be meant ("CAFÉ”" has the bytes of ɔ): it is
/// touched only where it holds a sequence that nobody writes.
/// </summary>
internal static class Mojibake
{
    private const byte Lost = 0x1A;

    /// <summary>The character of each byte; a byte without one in Windows-1252 is the control character of Latin-1.</summary>
    internal static string Windows1252 { get; } =
        CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString([.. Enumerable.Range(0, 256).Select(code => (byte)code)]);

    /// <summary>The text, read anew as often as it was read wrongly.</summary>
    internal static string Repair(string text)
    {
        for (string better = Step(text); better != text; better = Step(text))
        {
            text = better;
        }

        return text;
    }

    private static string Step(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        List<Sequence> sequences = Sequences(text);
        if (!sequences.Any(sequence => IsAbsurd(text, sequence)))
        {
            return text;
        }

        // If everything beyond ASCII can be read anew, all of it was read wrongly. Else only neighbours share a fate.
        bool all = Strange(text) == sequences.Sum(sequence => Strange(text.AsSpan(sequence.Start, sequence.Length)));
        var repaired = new StringBuilder(text.Length);
        int done = 0;
        for (int first = 0; first < sequences.Count;)
        {
            int last = first;
            while (last + 1 < sequences.Count && sequences[last + 1].Start == sequences[last].End)
            {
                last++;
            }

            List<Sequence> run = sequences[first..(last + 1)];
            if (all || run.Any(sequence => IsAbsurd(text, sequence)))
            {
                repaired.Append(text, done, run[0].Start - done);
                repaired.AppendJoin("", run.Select(sequence => sequence.Meant));
                done = run[^1].End;
            }

            first = last + 1;
        }

        return repaired.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>Characters beyond ASCII.</summary>
    private static int Strange(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (char character in text)
        {
            count += char.IsAscii(character) ? 0 : 1;
        }

        return count;
    }

    /// <summary>All stretches whose bytes are one character of UTF-8 beyond ASCII.</summary>
    private static List<Sequence> Sequences(string text)
    {
        var sequences = new List<Sequence>();
        Span<byte> bytes = stackalloc byte[4];
        for (int start = 0; start < text.Length; start++)
        {
            if (SequenceAt(text, start, bytes) is { } sequence)
            {
                sequences.Add(sequence);
                start = sequence.End - 1;
            }
        }

        return sequences;
    }

    private static Sequence? SequenceAt(string text, int start, Span<byte> bytes)
    {
        byte lead = ByteOf(text[start]);
        int length = lead switch { >= 0xC2 and <= 0xDF => 2, >= 0xE0 and <= 0xEF => 3, >= 0xF0 and <= 0xF4 => 4, _ => 0 };
        if (length == 0 || start + length > text.Length)
        {
            return null;
        }

        for (int i = 0; i < length; i++)
        {
            bytes[i] = ByteOf(text[start + i]);
        }

        if (length == 2 && text[start + 1] == ' ' && text[start] is 'Â' or 'Ã' or 'Å' or 'Î' or 'Ð' or 'Ù')
        {
            return OfSpace(text, start);
        }

        if (length == 3 && bytes[2] == Lost && bytes[1] is >= 0x80 and <= 0xBF)
        {
            return new Sequence(start, length, "\uFFFD");
        }

        return Rune.DecodeFromUtf8(bytes[..length], out Rune rune, out int used) == System.Buffers.OperationStatus.Done && used == length
            ? new Sequence(start, length, rune.ToString())
            : null;
    }

    /// <summary>A no-break space that became a plain one after the lead of a sequence; after Ã it was one besides: "à " is the word.</summary>
    private static Sequence OfSpace(string text, int start)
    {
        char meant = (char)(((text[start] & 0x1F) << 6) | 0x20);
        bool isWord = text[start] == 'Ã' && (start + 2 == text.Length || text[start + 2] != ' ');
        return new Sequence(start, 2, isWord ? $"{meant} " : meant.ToString());
    }

    /// <summary>Whether nobody writes this: symbols right behind a capital with an accent, or two behind a small one, that close nothing.</summary>
    private static bool IsAbsurd(string text, Sequence sequence)
    {
        char lead = text[sequence.Start];
        ReadOnlySpan<char> rest = text.AsSpan(sequence.Start + 1, sequence.Length - 1);
        char before = sequence.Start > 0 ? text[sequence.Start - 1] : '\0';
        char after = sequence.End < text.Length ? text[sequence.End] : '\0';
        if (rest.ContainsAnyInRange('\x80', '\x9F') || rest.Contains('\uFFFD'))
        {
            return true;
        }

        if (rest[0] == ' ')
        {
            return lead is 'Â' or 'Ã' && (before is '\0' or '.' or ',' or '?' or '!' || char.IsAsciiLetterLower(before)
                || (before == ' ' && sequence.Start > 1 && char.IsAsciiLetterLower(text[sequence.Start - 2])));
        }

        if (rest.Length > 1)
        {
            return !(Closes(rest[0]) || IsFigure(rest[0]) || rest[0] is '‘' or '“') || !Close(rest[1..]);
        }

        return lead switch
        {
            'ß' => false,
            'Â' or 'Ã' or 'Î' or 'Ð' => true,
            '×' => !IsFigure(rest[0]) && rest[0] != '\xA0',
            _ when Closes(rest[0]) => IsMark(rest[0]) && char.IsLetterOrDigit(after),
            _ when Opens(rest[0]) => !char.IsUpper(before),
            _ => true,
        };
    }

    private static bool Close(ReadOnlySpan<char> symbols)
    {
        foreach (char symbol in symbols)
        {
            if (!Closes(symbol))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What may stand behind a word.</summary>
    private static bool Closes(char symbol) => IsMark(symbol) || symbol is '\xA0' or '\xAD' or '·' or '´' or '–' or '—' or '…' or '’';

    /// <summary>What may, but not before another.</summary>
    private static bool IsMark(char symbol) => symbol is '»' or '›' or '”' or '™' or '®';

    private static bool Opens(char symbol) => symbol is '«' or '‹' or '‘' or '“' or '‚' or '„' or '¡' or '¿' or '•' or '¢' or '£' or '¥' or '€' or '©';

    private static bool IsFigure(char symbol) => symbol is '¹' or '²' or '³' or '¼' or '½' or '¾';

    /// <summary>The byte that a character was read from; 0 for none.</summary>
    private static byte ByteOf(char character) => character switch
    {
        <= '\xFF' => (byte)character,
        '\uFFFD' => Lost,
        _ => Windows1252.IndexOf(character) is >= 0 and var code ? (byte)code : (byte)0,
    };

    /// <summary>A stretch of the text, and the character that its bytes are.</summary>
    private readonly record struct Sequence(int Start, int Length, string Meant)
    {
        internal int End => Start + Length;
    }
}
