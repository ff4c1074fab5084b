using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.UniPT;

/// <summary>Recomputation gives the same with less memory, hidden states in bfloat16 nearly the same with half of theirs.</summary>
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

    public static TheoryData<HiddenLayout, string> Forms
    {
        get
        {
            var all = new TheoryData<HiddenLayout, string>();
            foreach (string name in Options.Keys)
            {
                all.Add(HiddenLayout.Tokens, name);
                if (name is not (nameof(PublishedForm.Clip4clip) or nameof(PublishedForm.T5Derived)))
                {
                    all.Add(HiddenLayout.Maps, name);
                }
            }

            return all;
        }
    }

    private static Dictionary<string, UniPTOptions> Options { get; } = new()
    {
        [nameof(PublishedForm.Vse)] = Published,
        [nameof(PublishedForm.Clip4clip)] = Published with { Form = PublishedForm.Clip4clip },
        [nameof(PublishedForm.ClipVil)] = Published with { Form = PublishedForm.ClipVil },
        [nameof(PublishedForm.Mdetr)] = Published with { Form = PublishedForm.Mdetr },
        [nameof(PublishedForm.T5Derived)] = Published with { Form = PublishedForm.T5Derived },
        [nameof(PublishedForm.ParameterFree)] = new() { Form = PublishedForm.ParameterFree },
        ["softmax"] = Published with { Interaction = Interaction.Softmax },
        ["attention"] = Published with { Interaction = Interaction.Attention },
        ["mean of layers"] = Published with { Anchor = AnchorSource.MeanOfLayers },
        ["across layers"] = Published with { AcrossLayers = true },
        ["pixels"] = Published with { PreInteraction = PreInteraction.None },
        ["recomputed"] = Published with { Checkpoint = true },
        ["standardised"] = Published with { StandardiseInputs = true },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void OfHiddenStatesInBfloat16ItIsNearlyTheSame(HiddenLayout layout, string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Step exact = Step.Of(States(layout), Options[name]);
        Step rounded = Step.Of(States(layout, ScalarType.BFloat16), Options[name]);
        Assert.NotEqual(exact.Features.ToArray<float>(), rounded.Features.ToArray<float>());
        Compare(exact, rounded, 0.08);
    }

    [Fact]
    public void OfHiddenStatesInBfloat16HalfIsKept()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long hidden = States(HiddenLayout.Tokens).Layers.Sum(layer => layer.ByteCount());
        long exact = Step.Of(States(HiddenLayout.Tokens), Published).Held;
        long rounded = Step.Of(States(HiddenLayout.Tokens, ScalarType.BFloat16), Published).Held;
        Assert.Equal(hidden / 2, exact - rounded);
    }

    private static HiddenStates States(HiddenLayout layout, ScalarType type = ScalarType.Float32)
    {
        TorchRuntime.ManualSeed(8);
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates states = layout == HiddenLayout.Tokens
            ? new([.. Enumerable.Range(0, 7).Select(_ => torch.randn(16, 64, 48))], [.. Enumerable.Repeat(64, 16)]) { Pooled = torch.randn(16, 24) }
            : new([torch.randn(8, 8, 64, 64), torch.randn(8, 16, 32, 32), torch.randn(8, 32, 4, 4)]);
        return states with
        {
            Layers = scope.MoveAllToOuter([.. states.Layers.Select(layer => layer.to(type))]),
            Mask = states.Mask is { } mask ? scope.MoveToOuter(mask) : null,
            Pooled = states.Pooled is { } pooled ? scope.MoveToOuter(pooled.to(type)) : null,
        };
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
