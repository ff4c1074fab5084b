using UniPT.Torch;

namespace UniPT.Backbones.Tests;

public sealed class TokenMaskTests
{
    [Fact]
    public void TheLengthsOfAMaskWithoutHolesAreFound()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Equal([3, 0, 1], TokenMask.Lengths(TokenMask.From([3, 0, 1], 3))!);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(1f, 0f, 1f)]
    public void AMaskWithHolesHasNone(params float[] row)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Null(TokenMask.Lengths(TensorData.From(row, 1, row.Length)));
    }
}
