using UniPT.Tasks.Grounding.Heads;
using UniPT.Tasks.Grounding.Losses;
using UniPT.Tasks.Grounding.Matching;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Grounding.Matching;

public sealed class BoxMatcherTests
{
    private static readonly BoxMatcher Matcher = new(new GroundingLossOptions());

    [Fact]
    public void EachBoxGetsTheQueryThatIsNearest()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        float[] far = [0.1f, 0.1f, 0.1f, 0.1f];
        float[] left = [0.3f, 0.5f, 0.4f, 0.4f];
        float[] right = [0.8f, 0.5f, 0.2f, 0.4f];
        GroundingPredictions predictions = Predictions(2, [.. far, .. right, .. left, .. left, .. far, .. right]);
        GroundingTargets targets = Targets([.. left, .. right, .. right], 2, 1);

        IReadOnlyList<BoxMatch> matches = Matcher.Match(predictions, targets);

        Assert.Equal([new BoxMatch(0, 1, 1), new BoxMatch(0, 2, 0), new BoxMatch(1, 2, 2)], matches);
        Assert.Equal([2, 3, 3], Matcher.Costs(predictions, targets).shape);
    }

    [Fact]
    public void APictureMayHaveNoBoxAndABatchNone()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GroundingPredictions predictions = Predictions(2, [.. Enumerable.Repeat(0.5f, 24)]);
        Assert.Equal([1], Matcher.Match(predictions, Targets([0.5f, 0.5f, 0.2f, 0.2f], 0, 1)).Select(match => match.Picture));
        Assert.Empty(Matcher.Match(predictions, Targets([], 0, 0)));
    }

    [Fact]
    public void WhatCannotBeMatchedIsSaid()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        float[] box = [0.5f, 0.5f, 0.2f, 0.2f];
        GroundingPredictions predictions = Predictions(1, [.. box, .. box, .. box]);
        Refused("Picture 0 of a batch has 4 boxes to be found, more than there are queries, 3.", () => Matcher.Match(predictions, Targets([.. box, .. box, .. box, .. box], 4)));
        Refused("Predictions are of 1 pictures and targets of 2; they must be of the same.", () => Matcher.Match(predictions, Targets(box, 0, 1)));
        GroundingPredictions wrong = predictions with { Logits = predictions.Logits * Scalars.Of(double.NaN) };
        Refused(
            "What is predicted for picture 0 of a batch has values that are infinite or no numbers (NaN); training diverged, and a lower learning rate may help.",
            () => Matcher.Match(wrong, Targets(box, 1)));
    }

    [Theory]
    [InlineData(0.5f, 0.5f, 0f, 0.2f, "A box that is to be found needs a width and a height above 0; box 1 has the centre (0.5, 0.5) and is 0 × 0.2.")]
    [InlineData(0.5f, 0.25f, 0.1f, -1f, "A box that is to be found needs a width and a height above 0; box 1 has the centre (0.5, 0.25) and is 0.1 × -1.")]
    [InlineData(float.NaN, 0.25f, 0.1f, 1f, "A box that is to be found needs a width and a height above 0; box 1 has the centre (NaN, 0.25) and is 0.1 × 1.")]
    public void ABoxWithoutAreaIsRefused(float x, float y, float width, float height, string message)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Refused(message, () => Targets([0.5f, 0.5f, 0.2f, 0.2f, x, y, width, height], 2));
    }

    [Fact]
    public void ShapesThatDoNotFitAreSaid()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Refused(
            "Targets are boxes [n, 4] with rows [n, slots] and [n, N], n of them in all pictures together; they were given as [2, 4], [2, 3] and [1, 5] for 2.",
            () => _ = new GroundingTargets(torch.ones(2, 4), torch.ones(2, 3), torch.ones(1, 5), 1, 1));
        Refused(
            "Targets are boxes [n, 4] with rows [n, slots] and [n, N], n of them in all pictures together; they were given as [2, 4], [2, 3] and [2, 5] for 1.",
            () => _ = new GroundingTargets(torch.ones(2, 4), torch.ones(2, 3), torch.ones(2, 5), 1));
    }

    private static GroundingPredictions Predictions(int pictures, float[] boxes) => new(
        torch.zeros(pictures, 3, 6), TensorData.From(boxes, pictures, 3, 4), torch.zeros(pictures, 3, 2));

    private static GroundingTargets Targets(float[] boxes, params int[] counts)
    {
        int count = boxes.Length / 4;
        return new(TensorData.From(boxes, count, 4), torch.ones(count, 6), torch.ones(count, 5), counts);
    }

    private static void Refused(string message, Action action) => Assert.Equal(message, Assert.Throws<UserException>(action).Message);
}
