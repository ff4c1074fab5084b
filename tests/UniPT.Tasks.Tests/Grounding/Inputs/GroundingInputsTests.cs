using UniPT.Backbones;
using UniPT.Tasks.Grounding;
using UniPT.Tasks.Grounding.Data;
using UniPT.Tasks.Grounding.Inputs;
using UniPT.Tasks.Grounding.Matching;
using UniPT.Tasks.Grounding.Spans;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Testing;
using UniPT.Testing.World;
using UniPT.Torch;
using Expression = UniPT.Tasks.Grounding.Data.Expression;

namespace UniPT.Tasks.Tests.Grounding.Inputs;

public sealed class GroundingInputsTests : IDisposable
{
    private static readonly GroundingDataOptions Options = new() { Path = ".", Size = 32, MaxSide = 64 };
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    /// <summary>In inference mode too, in which evaluations run, although other threads decode.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PicturesArePaddedAtTheRightAndTheBottom(bool inference)
    {
        File.WriteAllBytes(_folder.File("wide.png"), Scene.Make(1, 64, 32).Png());
        File.WriteAllBytes(_folder.File("tall.png"), Scene.Make(2, 48, 96).Png());
        using IDisposable mode = inference ? torch.inference_mode() : torch.enable_grad();
        Expression[] expressions = [Of("wide.png", 64, 32), Of("tall.png", 48, 96), Of("wide.png", 64, 32)];
        using PaddedPictures padded = Load(expressions);
        Assert.Equal([3L, 3, 64, 64], padded.Pixels.shape);
        float[] sums = padded.Mask.sum([1, 2]).ToArray<float>();
        Assert.Equal([32 * 64, 64 * 32, 32 * 64], sums);
        Assert.Equal(0, padded.Pixels.select(0, 0).narrow(1, 32, 32).abs().max().Item());
        Assert.Equal(0, padded.Pixels.select(0, 1).narrow(2, 32, 32).abs().max().Item());
        Assert.Equal(padded.Pixels.select(0, 0).ToBytes(), padded.Pixels.select(0, 2).ToBytes());
        Assert.True(padded.Pixels.select(0, 0).narrow(1, 0, 32).min().Item() > 0.05);

        BackboneInput input = GroundingInputs.Join(padded, [[0, 5, 2], [0, 2], [0, 5, 2]], CPU);
        Assert.Equal(["pixels", "pixels_mask", "tokens", "mask"], input.All.Keys);
        Assert.Equal([3L, 3], input.Tokens!.shape);
    }

    [Fact]
    public void APictureOfAnotherSizeIsRefused()
    {
        File.WriteAllBytes(_folder.File("wide.png"), Scene.Make(1, 64, 32).Png());
        Assert.Equal(
            "wide.png has 64 × 32 pixels, the expression 7 is of a picture of 32 × 64; it is another picture.",
            Assert.Throws<UserException>(() => Load([Of("wide.png", 32, 64)])).Message);
        File.WriteAllText(_folder.File("text.png"), "no picture");
        Assert.Contains("text.png is not a picture", Assert.Throws<UserException>(() => Load([Of("text.png", 32, 64)])).Message);
    }

    /// <summary>Two texts, of which the second box is called by two tokens.</summary>
    [Theory]
    [InlineData(false, 0.5f)]
    [InlineData(true, 1f)]
    public void TargetsAreSharesOrWholes(bool whole, float each)
    {
        var plan = new PicturePlan(32, 64, new PixelBox(0, 0, 16, 16), null, (32, 64));
        PlacedExpression[] texts = [new([0, 4, 2], new TokenMap([1]), [(0, 1)]), new([0, 5, 6, 7, 2], new TokenMap([1, 2, 3]), [(0, 2)])];
        using var batch = GroundingBatch.Of(new GroundingOptions { Slots = 6, WholeTokenTargets = whole }, [3, 8], PaddedPictures.Empty([plan, plan]), [plan, plan], texts);
        GroundingTargets targets = batch.Targets(CPU);
        Assert.Equal([3, 8], batch.Inputs["joint"]);
        Assert.All(targets.Tokens.ToArray<float>().Zip((float[])[0, 1, 0, 0, 0, 0, 0, each, each, 0, 0, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
        Assert.Equal([0, 1, 0, 0, 0, 0, 1, 1, 0, 0], targets.Aligned.ToArray<float>());
        Assert.Equal([0.125f, 0.25f, 0.25f, 0.5f, 0.125f, 0.25f, 0.25f, 0.5f], targets.Boxes.ToArray<float>());
        Assert.Equal([1, 1], targets.Counts);
    }

    /// <summary>The first character of the second text's span has no token; the one behind it is the second token of its own text, and the third of the first text.</summary>
    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public void NeighboursAreLookedUpInTheOwnTextOrTheFirst(bool first, int token)
    {
        var plan = new PicturePlan(32, 64, new PixelBox(0, 0, 16, 16), null, (32, 64));
        PlacedExpression[] texts = [new([0, 4, 5, 6, 2], new TokenMap([1, 3, 3]), [(0, 1)]), new([0, 4, 5, 6, 2], new TokenMap([null, 2, 3]), [(0, 3)])];
        using var batch = GroundingBatch.Of(new GroundingOptions { Slots = 6, FirstTextLookups = first }, [0, 1], PaddedPictures.Empty([plan, plan]), [plan, plan], texts);
        Assert.Equal(token, Array.IndexOf(batch.Targets(CPU).Aligned.select(0, 1).ToArray<float>(), 1));
    }

    private static Expression Of(string file, int width, int height) => new(7, file, width, height, "it", new PixelBox(0, 0, 8, 8), [(0, 2)], ReferringDataSet.Refcoco, "");

    private PaddedPictures Load(Expression[] expressions)
    {
        using DataSetFiles files = DataSetFiles.Open(_folder.FullName, new DataSetProblems());
        return new GroundingInputs(2).Load(
            new PictureFiles(files), expressions, [.. expressions.Select(expression => PicturePlan.Plain(Options, expression.Height, expression.Width, expression.Box))]);
    }
}
