using UniPT.Torch;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.Interactions;

namespace UniPT.Tuning.Tests.UniPT.Interactions;

/// <summary>That several targets at once give what each gives alone.</summary>
public sealed class LayerInteractionTests
{
    private const int Width = 6;

    [Fact]
    public void Targets_side_by_side_give_the_weighted_sum_of_each_alone()
    {
        int checks = 0;
        foreach (Interaction interaction in Enum.GetValues<Interaction>())
        {
            foreach (MergeResidual residual in Enum.GetValues<MergeResidual>().Where(residual => interaction != Interaction.None || residual != MergeResidual.None))
            {
                foreach (bool causal in new[] { false, true })
                {
                    Compare(new UniPTOptions { Interaction = interaction, Residual = residual, Mask = true, Causal = causal, Heads = 2 }.Resolved);
                    checks++;
                }
            }
        }

        Assert.Equal(30, checks);
    }

    private static void Compare(UniPTOptions form)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        Weights weights = Weights.Fresh(3);
        using WeightStore store = weights.Store;
        var layers = LayerInteraction.Of(form, weights, Width);
        Tensor anchor = torch.randn(2, 4, Width);
        Tensor[] targets = [.. Enumerable.Range(0, 3).Select(_ => torch.randn(2, 4, Width))];
        var masks = TokenMasks.Of(form, anchor, TensorData.From([1f, 1, 1, 1, 1, 1, 0, 0], 2, 4));
        Tensor confidence = torch.randn(2, masks.Scores, 3).softmax(-1);

        Tensor expected = targets.Select((target, i) => layers.Features(anchor, target, masks) * confidence.narrow(2, i, 1)).Aggregate((sum, one) => sum.Add(one));
        (Tensor found, Tensor? kept) = layers.Forward(anchor, targets, confidence, masks, keeps: false);
        Assert.Null(kept);
        Assert.True((expected - found).abs().max().Item() < 1e-5, form.ToString());
    }
}
