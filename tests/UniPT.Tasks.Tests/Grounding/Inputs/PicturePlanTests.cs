using UniPT.Backbones.Media;
using UniPT.Tasks.Grounding;
using UniPT.Tasks.Grounding.Data;
using UniPT.Tasks.Grounding.Inputs;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Grounding.Inputs;

public sealed class PicturePlanTests
{
    private static readonly GroundingDataOptions Published = new() { Path = "." };

    /// <summary>As the published code computes them: the longer side rounded down, the shorter one of a limited picture to the nearest, halves to even.</summary>
    [Theory]
    [InlineData(480, 640, 800, 1333, 800, 1066)]
    [InlineData(640, 480, 800, 1333, 1066, 800)]
    [InlineData(427, 640, 800, 1333, 800, 1199)]
    [InlineData(375, 500, 800, 1333, 800, 1066)]
    [InlineData(240, 640, 800, 1333, 500, 1333)]
    [InlineData(100, 1000, 800, 1333, 133, 1330)]
    [InlineData(300, 300, 480, 1333, 480, 480)]
    [InlineData(240, 640, 600, null, 600, 1600)]
    public void SidesAreThoseOfThePublishedCode(int height, int width, int shorter, int? limit, int down, int across) =>
        Assert.Equal((down, across), PicturePlan.SizeOf(height, width, shorter, limit));

    [Fact]
    public void InEvaluationAllIsTaken()
    {
        var plan = PicturePlan.Plain(Published, 480, 640, new PixelBox(64, 48, 128, 96));
        Assert.Equal((800, 1066, null), (plan.Height, plan.Width, plan.Part));
        Assert.Equal(new PixelBox(64 * 1066 / 640.0, 80, 128 * 1066 / 640.0, 160), plan.Box);
        Assert.All(plan.Box.Shares(plan.Width, plan.Height).Zip((double[])[0.15, 0.15, 0.1, 0.1]), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void WhatIsDrawnDependsOnSeedEpochAndExampleAlone()
    {
        PicturePlan Drawn(long seed, int epoch, int example) => PicturePlan.Drawn(Published, 480, 640, new PixelBox(10, 10, 60, 60), seed, epoch, example);
        Assert.Equal(Drawn(1, 2, 3), Drawn(1, 2, 3));
        Assert.True(Enumerable.Range(0, 20).Select(epoch => Drawn(1, epoch, 3)).Distinct().Count() > 15);
        Assert.NotEqual([.. Enumerable.Range(0, 9).Select(i => Drawn(1, 0, i))], [.. Enumerable.Range(0, 9).Select(i => Drawn(2, 0, i))]);
    }

    [Fact]
    public void HalfOfThePicturesAreCutAndEveryBoxStays()
    {
        const int Draws = 4000;
        PicturePlan[] plans = [.. Enumerable.Range(0, Draws).Select(i => PicturePlan.Drawn(Published, 480, 640, new PixelBox(600, 2, 630, 20), 1, 0, i))];
        PicturePlan[] cut = [.. plans.Where(plan => plan.Part is not null)];
        Assert.InRange(cut.Length, 0.46 * Draws, 0.54 * Draws);
        Assert.All(plans, plan => Assert.True(plan.Box.HasArea && plan.Box.Left >= 0 && plan.Box.Right <= plan.Width && plan.Box.Bottom <= plan.Height));
        Assert.All(plans, plan => Assert.InRange(Math.Max(plan.Height, plan.Width), 480, 1333));
        Assert.All(cut, plan => Assert.True(plan.Part!.Value.Height >= 384 && plan.Part.Value.Width >= 384));
        Assert.All(cut, plan => Assert.Contains(plan.Before.Height, Published.CropSizes));
        Assert.Equal(Published.Sizes, plans.Where(plan => plan.Part is null).Select(plan => plan.Height).Distinct().Order());
    }

    /// <summary>A part that always misses the box is not taken.</summary>
    [Fact]
    public void WhereNoPartHasTheBoxAllIsTaken()
    {
        var options = Published with { CropShare = 1, CropSizes = [400], CropMin = 399 };
        Assert.All(Enumerable.Range(0, 20), i => Assert.Null(PicturePlan.Drawn(options, 8, 800_000, new PixelBox(799_999, 0, 800_000, 8), 1, 0, i).Part));
    }

    /// <summary>A white box on black is where the plan says.</summary>
    [Fact]
    public void PixelsGoWhereTheirBoxGoes()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int Width = 120;
        const int Height = 90;
        var box = new PixelBox(40, 30, 80, 60);
        var pixels = new byte[3 * Width * Height];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int y, int x) = Math.DivRem(i / 3, Width);
            pixels[i] = (byte)(x is >= 40 and < 80 && y is >= 30 and < 60 ? 255 : 0);
        }

        var options = new GroundingDataOptions { Path = ".", Sizes = [60, 100], MaxSide = 200, CropSizes = [80, 90], CropMin = 50, CropShare = 0.7 };
        PicturePlan[] plans = [.. Enumerable.Range(0, 30).Select(i => PicturePlan.Drawn(options, Height, Width, box, 1, 0, i))];
        Assert.Contains(plans, plan => plan.Part is not null);
        foreach (PicturePlan plan in plans)
        {
            Tensor bright = plan.Of(new RgbImage(Width, Height, pixels)).select(0, 0).gt(Scalars.Of(0.5)).to(ScalarType.Float32);
            Assert.Equal([plan.Height, plan.Width], bright.shape);
            float[] rows = bright.amax([1]).ToArray<float>();
            float[] columns = bright.amax([0]).ToArray<float>();
            Assert.Equal(plan.Box.Top, Array.IndexOf(rows, 1), 1.5);
            Assert.Equal(plan.Box.Bottom, Array.LastIndexOf(rows, 1) + 1, 1.5);
            Assert.Equal(plan.Box.Left, Array.IndexOf(columns, 1), 1.5);
            Assert.Equal(plan.Box.Right, Array.LastIndexOf(columns, 1) + 1, 1.5);
        }
    }
}
