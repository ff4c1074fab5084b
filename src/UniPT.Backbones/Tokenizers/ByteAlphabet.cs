namespace UniPT.Backbones.Tokenizers;

/// <summary>
/// The visible character that stands for each byte in byte-level vocabularies (Radford et al. 2019, GPT-2): the printable ones of Latin-1
/// for themselves, the others by the characters from U+0100.
/// </summary>
internal static class ByteAlphabet
{
    /// <summary>The characters in the order of their ids, the printable bytes first.</summary>
    internal static IReadOnlyList<string> Symbols { get; } =
    [
        .. Enumerable.Range(0, 256).Where(IsPrintable).Select(code => ((char)code).ToString()),
        .. Enumerable.Range(0, 256).Where(code => !IsPrintable(code)).Select((_, i) => ((char)(256 + i)).ToString()),
    ];

    private static bool IsPrintable(int code) => code is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
}
