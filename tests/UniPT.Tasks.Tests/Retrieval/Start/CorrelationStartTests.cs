using UniPT.Tasks.Retrieval;
using UniPT.Tasks.Retrieval.Start;
using UniPT.Torch;
using UniPT.Tuning;
using UniPT.Tuning.Direct;

namespace UniPT.Tasks.Tests.Retrieval.Start;

public sealed class CorrelationStartTests
{
    /// <summary>Both sides see the same 4 hidden causes through different random mixtures, beside noise of their own.</summary>
    [Fact]
    public void PairsOfOneCauseMeetAndOthersDoNot()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(3);
        const int Pictures = 200;
        int[] pictureOf = [.. Enumerable.Range(0, Pictures).SelectMany(picture => new[] { picture, picture })];
        Tensor causes = torch.randn(Pictures, 4);
        Tensor pictures = causes.MatMul(torch.randn(4, 12)).Add(torch.randn(Pictures, 12) * Scalars.Of(0.1));
        Tensor owned = causes.index_select(0, TensorData.From(Array.ConvertAll(pictureOf, picture => (long)picture)));
        Tensor captions = owned.MatMul(torch.randn(4, 9)).Add(torch.randn(2 * Pictures, 9) * Scalars.Of(0.1));
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var options = new DirectPathOptions { Enabled = true };
        var start = new CorrelationStartOptions { ImageRidge = 0.01, TextRidge = 0.01 };
        var imageScale = new Standardization(weights / "image", [12]);
        var textScale = new Standardization(weights / "text", [9]);
        var image = new DirectPath(weights / "image", imageScale, 12, 16, options);
        var text = new DirectPath(weights / "text", textScale, 9, 16, options);
        imageScale.Fit(pictures);
        textScale.Fit(captions);
        (pictures, captions) = (imageScale.Forward(pictures), textScale.Forward(captions));

        CorrelationStart.Apply(pictures, captions, pictureOf, image, text, start);

        float[] similarities = Unit(nn.functional.linear(pictures, store.Parameters["image.weight"])).MatMul(Unit(nn.functional.linear(captions, store.Parameters["text.weight"])).transpose(0, 1)).ToArray<float>();
        int right = pictureOf.Where((picture, caption) =>
            Enumerable.Range(0, Pictures).MaxBy(other => similarities[(other * pictureOf.Length) + caption]) == picture).Count();
        Assert.True(right > 0.9 * pictureOf.Length, $"{right} of {pictureOf.Length} captions find their picture");

        // 4 causes, so the outputs beyond the narrower side's 9 directions are unused.
        Assert.Equal(0, store.Parameters["image.weight"].narrow(0, 9, 7).abs().max().Item());
    }

    [Theory]
    [InlineData(1, 5)] // One picture.
    [InlineData(8, 1)] // Equal captions.
    [InlineData(8, 2)] // Each picture has the same two captions.
    public void WhatDoesNotVaryTogetherChangesNothing(int pictures, int captionsEach)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(3);
        int[] pictureOf = [.. Enumerable.Range(0, pictures).SelectMany(picture => Enumerable.Repeat(picture, captionsEach))];
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var options = new DirectPathOptions { Enabled = true };
        var imageScale = new Standardization(weights / "image", [12]);
        var textScale = new Standardization(weights / "text", [9]);
        var image = new DirectPath(weights / "image", imageScale, 12, 16, options);
        var text = new DirectPath(weights / "text", textScale, 9, 16, options);
        Tensor x = imageScale.Fit(torch.randn(pictures, 12));
        Tensor t = textScale.Fit(torch.randn(captionsEach, 9).repeat(pictures, 1));
        float[] before = store.Parameters["image.weight"].ToArray<float>();

        Assert.False(CorrelationStart.Apply(x, t, pictureOf, image, text, new CorrelationStartOptions()));

        Assert.Equal(before, store.Parameters["image.weight"].ToArray<float>());
    }

    private static Tensor Unit(Tensor vectors) => vectors / vectors.norm(1, true);
}
