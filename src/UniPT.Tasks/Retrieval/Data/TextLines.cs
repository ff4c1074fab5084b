using System.Text;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>The lines of a UTF-8 text.</summary>
internal static class TextLines
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Lines with their numbers from 1, trimmed, blank ones at the end left out; the text is null where a line is
    /// not valid UTF-8.
    /// </summary>
    public static IEnumerable<(int Number, string? Text)> Of(byte[] bytes)
    {
        int start = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        int end = start + bytes.AsSpan(start).TrimEnd(" \t\r\n"u8).Length;
        for (int number = 1; start < end; number++)
        {
            int length = bytes.AsSpan(start, end - start).IndexOf((byte)'\n');
            length = length < 0 ? end - start : length;
            yield return (number, Decode(bytes, start, length)?.Trim());
            start += length + 1;
        }
    }

    private static string? Decode(byte[] bytes, int start, int length)
    {
        try
        {
            return Utf8.GetString(bytes, start, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
