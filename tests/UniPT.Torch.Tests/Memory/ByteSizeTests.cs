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
}
