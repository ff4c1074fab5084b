using UniPT.Torch;

namespace UniPT.Backbones.Tests;

public sealed class BackboneInputTests
{
    [Fact]
    public void RaggedTextsArePaddedBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        BackboneInput input = BackboneInput.Texts([[5, 6, 7], [], [8]], segments: [[0, 0, 1], [], [0]]);

        Assert.Equal([5L, 6, 7, 0, 0, 0, 8, 0, 0], input.Tokens.ToArray<long>());
        Assert.Equal([1f, 1, 1, 0, 0, 0, 1, 0, 0], input.Mask!.ToArray<float>());
        Assert.Equal([0L, 0, 1, 0, 0, 0, 0, 0, 0], input.Segments!.ToArray<long>());
        Assert.Equal(3, input.Rows);
        var error = Assert.Throws<UserException>(() => BackboneInput.Texts([[5, 6]], segments: [[0]]));
        Assert.Equal("Texts need one segment for every token id; there are more or fewer.", error.Message);
    }

    [Fact]
    public void OneTensorIsPixelsOrTokensByItsType()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor ids = TensorData.From([1L, 2], 1, 2);
        Tensor pixels = torch.zeros(1, 3, 2, 2);

        Assert.Same(ids, new BackboneInput(ids).Tokens);
        Assert.Same(pixels, new BackboneInput(pixels).Pixels);
        Assert.Equal([1f, 0], new BackboneInput(ids, [1]).Mask!.ToArray<float>());
    }

    [Fact]
    public void PartsOfAnyNameAreFoundAndMissingOnesAreNamed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor signal = torch.zeros(2, 5);
        var input = new BackboneInput(("mask", torch.ones([2, 5], dtype: ScalarType.Bool)), ("signal", signal));

        Assert.Same(signal, input.Values);
        Assert.Same(signal, input["signal"]);
        Assert.Equal(ScalarType.Float32, input.Mask!.dtype);
        Assert.Equal("The input has no tokens; it has mask, signal.", Assert.Throws<UserException>(() => input.Tokens).Message);
        Assert.Equal(
            "An input has the part signal twice; each name may be given once.",
            Assert.Throws<UserException>(() => new BackboneInput(("signal", signal), ("signal", signal))).Message);
        Assert.StartsWith("An input needs a part that the backbone reads", Assert.Throws<UserException>(() => new BackboneInput(("mask", signal))).Message);
    }
}
