namespace UniPT.Torch.Tests.Errors;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("a red fruit", "a red fruit")]
    [InlineData("Äpfel, 🍎 und تفاحة", "Äpfel, 🍎 und تفاحة")]
    [InlineData("👩\u200d🎓", "👩\u200d🎓")]
    [InlineData("\e[31mred\a", "␛[31mred␇")]
    [InlineData("one\r\ntwo\tthree", "one␍␊two␉three")]
    [InlineData("\u009b31m\u007f", "�31m␡")]
    [InlineData("exe\u202egnp.\u2066\u200f", "exe�gnp.��")]
    [InlineData("a\u2028b\u2029c\u0085d", "a�b�c�d")]
    public void WhatSteersATerminalBecomesVisible(string text, string shown) => Assert.Equal(shown, PrintableText.Of(text));

    [Fact]
    public void HalfACharacterIsReplaced() => Assert.Equal("a�b", PrintableText.Of("a\ud83cb"));

    [Fact]
    public void LinesCanBeKept() => Assert.Equal("one\r\n␛two␍x\n", PrintableText.Lines("one\r\n\etwo\rx\n"));
}
