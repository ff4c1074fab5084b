using System.Text;

namespace UniPT.Tasks.Shared.Tables;

/// <summary>Texts in UTF-8, or in UTF-16 where a byte-order mark says so.</summary>
internal static class TextLines
{
    /// <summary>What is wrong with what is not read.</summary>
    public const string NoText = "is no text in UTF-8, or in UTF-16 with a byte-order mark";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly UnicodeEncoding[] Utf16 =
        [new(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true), new(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true)];

    /// <summary>
    /// Lines with their numbers from 1, trimmed, blank ones at the end left out; null where a line is <see cref="NoText"/>.
    /// </summary>
    public static IEnumerable<(int Number, string? Text)> Of(byte[] bytes)
    {
        if (ToUtf8(bytes) is not { } text)
        {
            yield return (1, null);
            yield break;
        }

        int start = 0;
        int end = text.AsSpan().TrimEnd(" \t\r\n"u8).Length;
        for (int number = 1; start < end; number++)
        {
            int length = text.AsSpan(start, end - start).IndexOf((byte)'\n');
            length = length < 0 ? end - start : length;
            yield return (number, Decode(text.AsSpan(start, length))?.Trim());
            start += length + 1;
        }
    }

    /// <summary>Lines as they are, with their numbers from 1; null where a line is <see cref="NoText"/>. A line ends in LF, CR LF or CR.</summary>
    public static IEnumerable<(int Number, string? Text)> Untrimmed(byte[] bytes)
    {
        if (ToUtf8(bytes) is not { } text)
        {
            yield return (1, null);
            yield break;
        }

        int start = 0;
        for (int number = 1; start < text.Length; number++)
        {
            int length = text.AsSpan(start).IndexOfAny((byte)'\n', (byte)'\r');
            length = length < 0 ? text.Length - start : length;
            yield return (number, Decode(text.AsSpan(start, length)));
            start += length;
            start += text.AsSpan(start).StartsWith("\r\n"u8) ? 2 : 1;
        }
    }

    /// <summary>The whole text without its byte-order mark; null if it is not valid.</summary>
    public static string? Whole(byte[] bytes) => ToUtf8(bytes) is { } text ? Decode(text) : null;

    /// <summary>The bytes without a byte-order mark, in UTF-8 if they were valid UTF-16; null for invalid UTF-16.</summary>
    private static byte[]? ToUtf8(byte[] bytes)
    {
        if (Utf16.FirstOrDefault(encoding => bytes.AsSpan().StartsWith(encoding.Preamble)) is { } utf16)
        {
            try
            {
                return Encoding.Convert(utf16, Utf8, bytes, utf16.Preamble.Length, bytes.Length - utf16.Preamble.Length);
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }

        return bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
    }

    private static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            // UTF-16 without its mark passes as UTF-8 with zeros.
            return bytes.Contains((byte)0) ? null : Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
