namespace UniPT.Reports.Figures;

/// <summary>A picture that a page carries in itself.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="MediaType">What a browser takes it for, such as <c>image/png</c>.</param>
/// <param name="Bytes">The encoded picture.</param>
public sealed record Picture(string Name, string MediaType, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Tells the media type by content, never by name; unknown content is <c>application/octet-stream</c>.</summary>
    public static Picture Of(string name, ReadOnlyMemory<byte> bytes) => new(name, MediaTypeOf(bytes.Span), bytes);

    private static string MediaTypeOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "image/gif",
        [(byte)'B', (byte)'M', ..] => "image/bmp",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        _ => "application/octet-stream",
    };
}
