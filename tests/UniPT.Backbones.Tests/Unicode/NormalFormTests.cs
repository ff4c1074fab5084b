using System.Security.Cryptography;
using System.Text;
using UniPT.Backbones.Unicode;
using UniPT.Testing;

namespace UniPT.Backbones.Tests.Unicode;

public class NormalFormTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain ASCII", "plain ASCII")]
    [InlineData("\uFB01ne \uFF26\uFF55\uFF4C\uFF4C \u2460", "fine Full 1")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("a\u0301\u0323", "\u1EA1\u0301")] // marks change places, then compose
    [InlineData("a\u0301\u0301", "\u00E1\u0301")] // equal marks block each other
    [InlineData("\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("\u1112\u1161\u11AB", "\uD55C")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uAC01\u11A8", "\uAC01\u11A8")] // has a final consonant already
    [InlineData("\u0301a", "\u0301a")]
    [InlineData("\U0001D158", "\U0001D158")]
    [InlineData("\U00011347\U0001133E", "\U0001134B")]
    [InlineData("\uD83D\uDE00\u00A0", "\uD83D\uDE00 ")]
    public void MatchesTheAnnex(string text, string expected) => Assert.Equal(expected, NormalForm.Of(text, NormalizationForm.FormKC));

    [Theory]
    [InlineData("\uD800")]
    [InlineData("\uDC00\uD800")]
    [InlineData("a\uD83D \u00E9")]
    [InlineData("\uFFFE")]
    public void WhatIsNoCharacterStays(string text) => Assert.Equal(text, NormalForm.Of(text, NormalizationForm.FormKC));

    [Theory]
    [InlineData("e\u0301\uD800\uFB01", "\u00E9\uD800fi")]
    [InlineData("\uDC00e\u0301\uD83D\uDE00", "\uDC00\u00E9\uD83D\uDE00")]
    [InlineData("a\uFFFE\u0301\u0323\uD83D", "a\uFFFE\u0323\u0301\uD83D")] // nothing combines across it
    public void WhatIsBesideItIsNormalised(string text, string expected) =>
        Assert.Equal(expected, NormalForm.Of(text, NormalizationForm.FormKC));

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void TheCultureDoesNotMatter(string culture) => In.Culture(culture, () =>
    {
        MatchesTheAnnex("\uFF29\u0130 \uFB01 I\u0307", "I\u0130 fi \u0130");
        EveryOrderOfMarksIsAsInPython();
    });

    [Fact]
    public void EveryCodePointIsAsInPython()
    {
        IEnumerable<string> texts = Enumerable.Range(0, 0x110000)
            .Where(code => code is < 0xD800 or > 0xDFFF)
            .Where(code => !IsYoung(code))
            .Select(char.ConvertFromUtf32);
        Assert.Equal("848D5E553318860F28CDC81A155EA751C21A32674B6E39CB17C8A7D437E859A7", Digest(texts));
    }

    [Fact]
    public void EveryOrderOfMarksIsAsInPython()
    {
        int[] first =
        [
            0x41, 0x61, 0x65, 0x6F, 0x73, 0x1EA1, 0xC5, 0x3B1, 0x5D0, 0x627, 0x915, 0x30AB, 0x1100, 0xAC00, 0xAC01,
            0xFB01, 0x1D158, 0x11347,
        ];
        int[] then =
        [
            0x20, 0x61, 0x300, 0x301, 0x302, 0x304, 0x307, 0x308, 0x30A, 0x315, 0x31B, 0x323, 0x327, 0x328, 0x338,
            0x345, 0x5B0, 0x64B, 0x653, 0x93C, 0x3099, 0x309A, 0x1161, 0x11A8, 0x1D165, 0x1D16E, 0x1133E, 0x11357,
        ];
        IEnumerable<string> texts =
            from a in first
            from b in then
            from c in then
            from d in then
            select string.Concat(new[] { a, b, c, d }.Select(char.ConvertFromUtf32));
        Assert.Equal("B82B070FCAC65F7CC021C162E53CBF6D1B07E8A3CA7DB8CDFC13B4AE56FD2EA7", Digest(texts));
    }

    /// <summary>Whether Unicode 15 to 17 gave the code point something to be normalised to.</summary>
    private static bool IsYoung(int code) =>
        code is 0xA7F1 or (>= 0x1CCD6 and <= 0x1CCF9) or (>= 0x1E030 and <= 0x1E06D);

    /// <summary>SHA-256 of the normalised texts, a line each; recorded with Python's <c>unicodedata</c> 14.0.</summary>
    private static string Digest(IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string text in texts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(NormalForm.Of(text, NormalizationForm.FormKC) + "\n"));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
