using System.Text;

namespace UniPT;

/// <summary>Reads small text files that users give.</summary>
public static class TextFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole file, without its byte-order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it should be, for the message.</param>
    /// <param name="longest">How many characters it may have.</param>
    /// <exception cref="UserException">It is missing, unreadable, no text or too long.</exception>
    public static string Read(string path, string what, int longest = 16 << 20)
    {
        try
        {
            using var reader = new StreamReader(path, Strict);
            var text = new StringBuilder();
            var block = new char[1 << 16];
            // Not by the file's length, which pipes and devices do not tell.
            for (int read = reader.Read(block); read > 0; read = reader.Read(block))
            {
                text.Append(block, 0, read);
                if (text.Length > longest)
                {
                    throw new UserException($"{path} is too long for {what}, which has at most {longest} characters.");
                }
            }

            return text.ToString();
        }
        catch (DecoderFallbackException error)
        {
            throw new UserException($"{path} is not UTF-8 text; expected {what}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string reason = Directory.Exists(path) ? "it is a folder." : error.Message;
            throw new UserException($"Cannot read {path} ({what}): {reason}", error);
        }
    }
}
