using UniPT.Torch;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.Interactions;

namespace UniPT.Tuning.Tests.UniPT.Interactions;

/// <summary>That what is written out is what autograd finds through the interaction itself.</summary>
public sealed class InteractionFitTests
{
    private const double Epsilon = 0.5;
    private const int Targets = 3;

    public static TheoryData<Interaction, EpsilonUse, bool> Cases => new()
    {
        { Interaction.ReluL1, EpsilonUse.Added, false },
        { Interaction.ReluL1, EpsilonUse.Added, true },
        { Interaction.ReluL1, EpsilonUse.Clamped, false },
        { Interaction.ReluL1, EpsilonUse.Clamped, true },
        { Interaction.Softmax, EpsilonUse.Added, false },
        { Interaction.Softmax, EpsilonUse.Added, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Value_and_gradients_are_those_of_the_interaction(Interaction interaction, EpsilonUse use, bool masked) => Assert.All(Enum.GetValues<MergeResidual>(), residual =>
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        UniPTOptions form = new UniPTOptions { Interaction = interaction, Epsilon = Epsilon, EpsilonUse = use, Residual = residual, Mask = masked }.Resolved;

        // Small numbers, so that some rows sum to less than epsilon and some to more.
        Tensor[] inputs = [.. Enumerable.Range(0, 1 + Targets).Select(_ => torch.randn(3, 4, 5) * Scalars.Of(0.4))];
        Tensor valid = TensorData.From([1f, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], 3, 4);
        var masks = TokenMasks.Of(form, inputs[0], valid, [4, 2, 0]);
        var parallel = new ParallelInteraction(RowNormalization.Of(form), residual);
        Tensor gradient = torch.randn(3, 4, 5);
        Tensor arriving = torch.randn(3, 4, Targets);

        Tensor[] expected = Run(inputs, arriving, (anchor, targets) =>
            torch.cat([.. targets.Select(target => (parallel.Forward(anchor, target, masks) * gradient).sum(-1, true))], -1));
        Tensor[] found = Run(inputs, arriving, (anchor, targets) => parallel.Fit(anchor, targets, masks, gradient));
        Tensor? kept = parallel.Weighted(inputs[0], inputs[1..], torch.ones(3, 1, Targets), masks, keeps: true).Kept;
        Tensor[] known = Run(inputs, arriving, (anchor, targets) => parallel.Fit(anchor, targets, masks, gradient, kept));
        Assert.Equal([2 + Targets, 2 + Targets], [found.Length, known.Length]);
        Assert.All(
            expected.Zip(found).Concat(expected.Zip(known)),
            pair => Assert.Equal(0, (pair.First - pair.Second).abs().max().Item(), 1e-5 * Math.Max(1, pair.First.abs().max().Item())));
    });

    private static Tensor[] Run(Tensor[] inputs, Tensor arriving, Func<Tensor, Tensor[], Tensor> fit)
    {
        Tensor[] leaves = [.. inputs.Select(input => input.detach())];
        Array.ForEach(leaves, leaf => leaf.requires_grad = true);
        Tensor value = fit(leaves[0], leaves[1..]);
        return [value, .. Gradients.Of([value], [arriving], leaves).Select(found => found!)];
    }
}
