using System.Text;
using UniPT.Backbones.Clip;

namespace UniPT.Backbones.Tests.Clip;

public sealed class TextRepairTests
{
    private static readonly string[] Written =
    [
        "café", "über schön", "naïve façade", "don’t", "“so” he said", "10 €", "Ünïcödé", "привет мир", "日本語", "שלום", "مرحبا", "Łódź", "Ελλάδα", "100 °C", "Ça va à Noël", "😀 ok", "ıİ", "¡Olé!", "«à l’été»", "5 µm ± 2",
    ];

    public static TheoryData<string> Texts => [.. Written];

    [Theory]
    [MemberData(nameof(Texts))]
    public void TextReadInTheWrongEncodingComesBack(string text)
    {
        string expected = TextRepair.Repair(text);
        foreach (Encoding wrong in new[] { Encoding.Latin1, CodePagesEncodingProvider.Instance.GetEncoding(1252)! })
        {
            string once = wrong.GetString(Encoding.UTF8.GetBytes(text));
            Assert.Equal(expected, TextRepair.Repair(once));
            Assert.Equal(expected, TextRepair.Repair(wrong.GetString(Encoding.UTF8.GetBytes(once))));
            Assert.Equal($"{expected} 中 {expected}", TextRepair.Repair($"{once} 中 {text}")); // beside text that was read rightly
        }
    }

    /// <summary>Their bytes are UTF-8 too, but people write them.</summary>
    [Theory]
    [InlineData("CAFÉ… (É–A) VOILÀ")]
    [InlineData("Le CAFÉ»")]
    [InlineData("Straße…")]
    [InlineData("3\u00A0×\u00A04, 2 ×½")]
    [InlineData("SÍ®")]
    [InlineData("¿Qué? Él dijo «no»…")]
    public void TextThatIsMeantStays(string text) => Assert.Equal(text.Replace('’', '\''), TextRepair.Repair(text));

    [Theory]
    [InlineData("voilÃ monsieur", "voilà monsieur")]
    [InlineData("10.Â Next", "10.\u00A0Next")]
    [InlineData("â€œquoteâ€\uFFFD", "\"quote\uFFFD")] // the last byte is lost
    [InlineData("ï»¿bom", "bom")]
    [InlineData("ﬁne ﬂuﬀy ŉ Ǆ", "fine fluffy 'n DŽ")]
    [InlineData("‘a’ “b” „c‟", "'a' \"b\" \"c\"")]
    [InlineData("a\r\nb\rc\u2028d\u0085", "a\nb\nc\nd…")] // the last is Windows-1252's ellipsis
    [InlineData("a\0b\x1B[31mc\uFEFFd\u007F", "abcd")]
    [InlineData("Ｆｕｌｌ\u3000ﾊﾝ", "Full ハン")]
    [InlineData("&EACUTE;&eacute;&#x80;&amp;amp; &nothing; &copy", "Éé€& &nothing; &copy")]
    [InlineData("<b>&amp;</b>\n&amp;", "<b>&amp;</b>\n&amp;")] // HTML keeps its entities
    [InlineData("&amp;\n<b>&amp;</b>", "&\n<b>&amp;</b>")]
    [InlineData("e\u0301", "é")]
    public void NamedRepairsAreMade(string text, string expected) => Assert.Equal(expected, TextRepair.Repair(text));

    [Fact]
    public void HalfASurrogatePairIsReplaced() => Assert.Equal("\uD83D\uDE00 \uFFFD!\uFFFD", TextRepair.Repair("\uD83D\uDE00 \uD83D!\uDE00"));

    [Theory]
    [InlineData("&lt;&copy2021 &notit; &#128512;&#x1F600", "<©2021 ¬it; 😀😀")]
    [InlineData("&#0;&#xD800;&#99999999999;", "\uFFFD\uFFFD\uFFFD")]
    [InlineData("&#1;&#65534;a&#13;", "a\r")]
    [InlineData("& &; &#; &#x; &zzz;", "& &; &#; &#x; &zzz;")]
    public void HtmlIsUnescapedAsPythonDoes(string text, string expected) => Assert.Equal(expected, HtmlEntities.Unescape(text));
}
