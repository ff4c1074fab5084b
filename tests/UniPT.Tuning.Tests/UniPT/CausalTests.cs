using UniPT.Torch;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.EncoderDecoder;

namespace UniPT.Tuning.Tests.UniPT;

public sealed class CausalTests
{
    /// <summary>What a decoder gives for a token must not depend on later ones, nor change when tokens are appended.</summary>
    [Theory]
    [InlineData(PublishedForm.T5Derived, true)]
    [InlineData(PublishedForm.Mdetr, false)]
    public void OnlyTheCausalDecoderIsBlindToLaterTokens(PublishedForm published, bool blind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(4);
        Weights weights = Weights.Fresh(2);
        using WeightStore store = weights.Store;
        var decoder = new SideDecoder(weights, [8, 8, 8], 4, 8, PublishedForms.Of(published));
        Tensor memory = torch.randn(2, 5, 4);
        Tensor[] layers = [.. Enumerable.Range(0, 3).Select(_ => torch.randn(2, 7, 8))];
        float[] Features(long tokens) =>
            decoder.Forward([.. layers.Select(layer => layer.narrow(1, 0, tokens))], memory, null)[^1].narrow(1, 0, 3).detach().ToArray<float>();

        float[] all = Features(7);
        float[] first = Features(3);
        double difference = all.Zip(first, (a, b) => Math.Abs(a - b)).Max();

        // Products of another size round differently; what is seen changes far more.
        Assert.Equal(blind, difference < 1e-4 * all.Max(Math.Abs));
    }
}
