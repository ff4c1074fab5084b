namespace UniPT.Torch.Tests.Memory;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(999, "999 bytes")]
    [InlineData(1000, "0.98 KiB")]
    [InlineData(1536, "1.50 KiB")]
    [InlineData(47 * 1024 * 1024, "47.0 MiB")]
    [InlineData(999.6 * 1024, "0.98 MiB")]
    [InlineData(1471026299, "1.37 GiB")]
    [InlineData(long.MaxValue, "8388608 TiB")]
    public void KeepsThreeDigits(double bytes, string expected) => Assert.Equal(expected, ByteSize.Format((long)bytes));

    [Theory]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("1.5 mb", 3L << 19)]
    [InlineData("7", 7)]
    [InlineData("64k", 64 << 10)]
    public void ReadsSizes(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-3GiB")]
    [InlineData("2 parsecs")]
    [InlineData("1.2.3GiB")]
    [InlineData("99999999TiB")]
    public void RefusesWhatIsNoSize(string text) => Assert.Contains("2GiB", Assert.Throws<UserException>(() => ByteSize.Parse(text)).Message);
}
