using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Tuning.Tests.UniPT;

/// <summary>Recomputation gives the same with less memory, bfloat16 nearly the same with half of the hidden states'.</summary>
public sealed class LeanOptionsTests
{
    private static readonly UniPTOptions Published = new() { Width = 32 };

    [Theory]
    [InlineData(HiddenLayout.Tokens)]
    [InlineData(HiddenLayout.Maps)]
    public void RecomputationKeepsLessAndGivesTheSame(HiddenLayout layout)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Step kept = Step.Of(States(layout), Published);
        Step recomputed = Step.Of(States(layout), Published with { Checkpoint = true });
        Compare(kept, recomputed, 1e-5);
        Assert.True(recomputed.Kept < 0.7 * kept.Kept, $"{recomputed.Kept / 1e6:f2} MB kept, {kept.Kept / 1e6:f2} MB without");
    }

    [Theory]
    [InlineData(HiddenLayout.Tokens, PublishedForm.Vse)]
    [InlineData(HiddenLayout.Tokens, PublishedForm.Clip4clip)]
    [InlineData(HiddenLayout.Maps, PublishedForm.Vse)]
    public void Bfloat16IsNearlyTheSame(HiddenLayout layout, PublishedForm form)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        UniPTOptions options = Published with { Form = form };
        Step exact = Step.Of(States(layout), options);
        Step rounded = Step.Of(States(layout), options with { Precision = Precision.Bfloat16 });
        Assert.NotEqual(exact.Features.ToArray<float>(), rounded.Features.ToArray<float>());
        Compare(exact, rounded, 0.05);
    }

    [Fact]
    public void OfHiddenStatesThatNobodyElseHoldsHalfIsKeptInBfloat16()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long hidden = States(HiddenLayout.Tokens).Layers.Sum(layer => layer.ByteCount());
        long exact = Step.Of(States(HiddenLayout.Tokens), Published).Held;
        long rounded = Step.Of(States(HiddenLayout.Tokens), Published with { Precision = Precision.Bfloat16 }).Held;
        Assert.InRange(exact - rounded, 0.45 * hidden, 0.55 * hidden);
    }

    private static HiddenStates States(HiddenLayout layout)
    {
        TorchRuntime.ManualSeed(8);
        return layout == HiddenLayout.Tokens
            ? new([.. Enumerable.Range(0, 7).Select(_ => torch.randn(16, 64, 48))], [.. Enumerable.Repeat(64, 16)]) { Pooled = torch.randn(16, 24) }
            : new([torch.randn(8, 8, 64, 64), torch.randn(8, 16, 32, 32), torch.randn(8, 32, 4, 4)]);
    }

    /// <summary>Features and, all together, gradients differ by no more than a share of their length.</summary>
    private static void Compare(Step expected, Step actual, double share)
    {
        double features = Distance(expected.Features, actual.Features);
        double gradients = Distance(Joined(expected), Joined(actual));
        Assert.True(features < share && gradients < share, $"features differ by {features:p2}, gradients by {gradients:p2}");
    }

    private static double Distance(Tensor expected, Tensor actual) => (expected - actual).norm().Item() / expected.norm().Item();

    private static Tensor Joined(Step step) => torch.cat([.. step.Gradients.Values.Select(gradient => gradient.flatten())]);

    /// <summary>A training step: what it gave, the bytes kept for backward beyond the hidden states, and all those held meanwhile.</summary>
    private sealed record Step(Tensor Features, IReadOnlyDictionary<string, Tensor> Gradients, long Kept, long Held)
    {
        public static Step Of(HiddenStates states, UniPTOptions options)
        {
            Weights weights = Weights.Fresh(7);
            using WeightStore store = weights.Store;
            store.train(true);
            TunedBackbone tuned = new UniPTMethod(options).Attach(new GivenStates(states), weights, 24);
            long hidden = states.Layers.Sum(layer => layer.ByteCount());
            long before = TensorMemory.Current() - hidden;
            Tensor features = tuned.Adapt(states).Tokens;
            foreach (Tensor layer in states.Layers)
            {
                layer.Dispose();
            }

            long held = TensorMemory.Current() - before;
            features.Backward(features.detach());
            return new Step(features.detach(), store.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value.grad!.clone()), held - hidden, held);
        }
    }
}
