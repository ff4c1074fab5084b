using UniPT.Tasks.Grounding.Heads;
using UniPT.Tasks.Grounding.Losses;
using UniPT.Tasks.Grounding.Matching;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Tests.Grounding.Losses;

/// <summary>What the recorded losses do not show; the formulas themselves are compared with these by the parity tests.</summary>
public sealed class GroundingCriterionTests
{
    private const int Pictures = 2;
    private const int Queries = 4;
    private const int Slots = 6;
    private const int Tokens = 5;
    private static readonly GroundingCriterion Criterion = new(new GroundingLossOptions());

    [Fact]
    public void ABatchWithoutBoxesHasALossToo()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (GroundingPredictions predictions, Tensor tokens) = Predictions();
        GroundingLoss loss = Criterion.Forward([predictions], tokens, Targets(0)).Single();

        // All queries should mean nothing, each counted a tenth, divided by 1 and not by 0.
        Assert.Equal(-0.1 * predictions.Logits.log_softmax(-1).select(-1, Slots - 1).sum().Item(), loss.Tokens.Item(), 1e-5);
        Assert.Equal((0, 0, 0), (loss.Boxes.Item(), loss.Overlap.Item(), loss.Alignment.Item()));
        Tensor total = Criterion.Total([loss]);
        total.Backward();
        Assert.True(double.IsFinite(total.Item()));
        Assert.Equal(1, predictions.Logits.grad!.isfinite().all().Item());
    }

    [Fact]
    public void TheNumberOfBoxesMayBeTheMeanOverMachines()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (GroundingPredictions predictions, Tensor tokens) = Predictions();
        GroundingLoss own = Criterion.Forward([predictions], tokens, Targets(3)).Single();
        GroundingLoss shared = Criterion.Forward([predictions], tokens, Targets(3), boxes: 1.5).Single();
        GroundingLoss least = Criterion.Forward([predictions], tokens, Targets(3), boxes: 0.5).Single();
        foreach ((Tensor mine, Tensor both, Tensor one) in new[] { (own.Tokens, shared.Tokens, least.Tokens), (own.Boxes, shared.Boxes, least.Boxes), (own.Overlap, shared.Overlap, least.Overlap), (own.Alignment, shared.Alignment, least.Alignment) })
        {
            Assert.Equal(2 * mine.Item(), both.Item(), 1e-4);
            Assert.Equal(3 * mine.Item(), one.Item(), 1e-4);
        }

        Assert.Equal(own.WrongCount.Item(), shared.WrongCount.Item());
    }

    [Fact]
    public void EachPartCountsAsItsWeightSaysInEveryOutput()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (GroundingPredictions predictions, Tensor tokens) = Predictions();
        (GroundingPredictions auxiliary, _) = Predictions();
        var criterion = new GroundingCriterion(new GroundingLossOptions { TokenWeight = 3, BoxWeight = 0, OverlapWeight = 0.5, AlignmentWeight = 7 });
        IReadOnlyList<GroundingLoss> losses = criterion.Forward([auxiliary, predictions], tokens, Targets(3));
        double expected = losses.Sum(loss => (3 * loss.Tokens.Item()) + (0.5 * loss.Overlap.Item()) + (7 * loss.Alignment.Item()));
        Assert.Equal(2, losses.Count);
        Assert.Equal(expected, criterion.Total(losses).Item(), 1e-4);
    }

    /// <summary>Found exactly, named and aligned as well as it goes, all losses but the alignment's come near 0.</summary>
    [Fact]
    public void WhatIsRightCostsNearlyNothing()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        GroundingTargets targets = Targets(2);
        Tensor logits = torch.full([Pictures, Queries, Slots], Scalars.Of(-40.0));
        logits.select(2, Slots - 1).fill_(Scalars.Of(0));
        Tensor boxes = torch.full([Pictures, Queries, 4], Scalars.Of(0.9));
        for (int target = 0; target < 2; target++)
        {
            logits.select(0, target).select(0, 1).copy_(targets.Tokens.select(0, target) * Scalars.Of(40));
            boxes.select(0, target).select(0, 1).copy_(targets.Boxes.select(0, target));
        }

        GroundingLoss loss = Criterion.Forward([new GroundingPredictions(logits, boxes, torch.zeros(Pictures, Queries, 3))], torch.zeros(Pictures, Tokens, 3), targets).Single();

        Assert.Equal(0, loss.Tokens.Item(), 1e-6);
        Assert.Equal(0, loss.Boxes.Item(), 1e-6);
        Assert.Equal(0, loss.Overlap.Item(), 1e-6);
        Assert.Equal(0, loss.WrongCount.Item(), 1e-6);

        // All equally near: a half of the logarithms of how many tokens and how many queries there are.
        Assert.Equal((Math.Log(Tokens) + Math.Log(Queries)) / 2, loss.Alignment.Item(), 1e-4);
    }

    [Fact]
    public void TermsAddUpToTheTotal()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (GroundingPredictions predictions, Tensor tokens) = Predictions();
        IReadOnlyList<GroundingLoss> losses = Criterion.Forward([predictions, predictions], tokens, Targets(2));
        IReadOnlyList<LossTerm> terms = Criterion.Terms(losses);
        Assert.Equal(["tokens", "boxes", "overlap", "alignment", "tokens_0", "boxes_0", "overlap_0", "alignment_0"], terms.Select(term => term.Name));
        Assert.Equal(5 * losses[0].Boxes.Item(), terms[1].Value.Item(), 1e-4);
        Assert.Equal(Criterion.Total(losses).Item(), terms.Sum(term => term.Value.Item()), 1e-3);
    }

    /// <summary>Where padding does not count, the loss is that of the tokens in front of it.</summary>
    [Fact]
    public void PaddingMayBeLeftOutOfTheAlignment()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (GroundingPredictions predictions, Tensor tokens) = Predictions();
        tokens *= Scalars.Of(0.05);
        GroundingTargets targets = Targets(1);
        Tensor padding = torch.zeros(Pictures, Tokens);
        padding.narrow(1, Tokens - 1, 1).fill_(Scalars.Of(1));
        var shorter = new GroundingTargets(targets.Boxes, targets.Tokens, targets.Aligned.narrow(1, 0, Tokens - 1), targets.Counts);
        double expected = Alignment(tokens.narrow(1, 0, Tokens - 1), shorter, null);
        Assert.Equal(expected, Alignment(tokens, targets, padding), 1e-4);
        Assert.True(Alignment(tokens, targets, null) > expected + 1e-3);

        double Alignment(Tensor vectors, GroundingTargets wanted, Tensor? left) => Criterion.Forward([predictions], vectors, wanted, padding: left).Single().Alignment.Item();
    }

    [Fact]
    public void StepsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (GroundingPredictions predictions, Tensor tokens) = Predictions();
        GroundingTargets targets = Targets(3);
        Step();
        TensorCount before = TensorCount.Now();
        for (int i = 0; i < 20; i++)
        {
            Step();
        }

        Assert.Equal(before, TensorCount.Now());

        void Step()
        {
            using DisposeScope step = torch.NewDisposeScope();
            Criterion.Total(Criterion.Forward([predictions, predictions], tokens, targets)).Backward();
        }
    }

    private static (GroundingPredictions Predictions, Tensor Tokens) Predictions()
    {
        Tensor logits = torch.randn([Pictures, Queries, Slots], requires_grad: true);
        Tensor queries = torch.randn([Pictures, Queries, 3], requires_grad: true);
        Tensor boxes = torch.rand(Pictures, Queries, 4).Add(0.05);
        return (new GroundingPredictions(logits, boxes, queries), torch.randn(Pictures, Tokens, 3));
    }

    /// <summary>The first one in the first picture, the others in the second; each called by one token.</summary>
    private static GroundingTargets Targets(int count)
    {
        float[] boxes = [.. Enumerable.Range(0, count).SelectMany(i => new[] { 0.2f * (i + 1), 0.5f, 0.2f, 0.3f })];
        Tensor named = torch.eye(Slots).narrow(0, 0, count);
        return new(TensorData.From(boxes, count, 4), named, torch.eye(Tokens).narrow(0, 0, count), Math.Min(1, count), Math.Max(0, count - 1));
    }
}
