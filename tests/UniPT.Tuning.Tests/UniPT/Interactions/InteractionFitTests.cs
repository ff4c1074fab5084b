using UniPT.Torch;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.Forms;
using UniPT.Tuning.UniPT.Interactions;

namespace UniPT.Tuning.Tests.UniPT.Interactions;

/// <summary>That what is written out is what autograd finds through the interaction itself.</summary>
public sealed class InteractionFitTests
{
    private const double Epsilon = 0.5;

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
        using TensorScope scope = TensorScope.Begin();
        TorchRuntime.ManualSeed(1);
        NetworkForm form = new UniPTOptions().Network with { Interaction = interaction, Epsilon = Epsilon, EpsilonUse = use, Residual = residual, Mask = masked };

        // Small numbers, so that some rows sum to less than epsilon and some to more.
        (Tensor anchor, Tensor target) = (Tensor.Randn([3, 4, 5]) * 0.4, Tensor.Randn([3, 4, 5]) * 0.4);
        Tensor valid = Tensor.From([1f, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], 3, 4);
        var masks = TokenMasks.Of(form, target, valid, [4, 2, 0]);
        var parallel = new ParallelInteraction(RowNormalization.Of(form), residual);
        Tensor gradient = Tensor.Randn([3, 4, 5]);
        Tensor arriving = Tensor.Randn([3, 4, 1]);

        Tensor[] expected = Run(anchor, target, arriving, (a, t) => (parallel.Forward(a, t, masks) * gradient).Sum(-1, true));
        Tensor[] found = Run(anchor, target, arriving, (a, t) => parallel.Fit(a, t, masks, gradient));
        Assert.All(expected.Zip(found), pair => Assert.True((pair.First - pair.Second).Abs().Max().Item() < 1e-6));
    });

    private static Tensor[] Run(Tensor anchor, Tensor target, Tensor arriving, Func<Tensor, Tensor, Tensor> fit)
    {
        (Tensor a, Tensor t) = (anchor.Detach(), target.Detach());
        (a.RequiresGrad, t.RequiresGrad) = (true, true);
        Tensor value = fit(a, t);
        return [value, .. Gradients.Of([value], [arriving], [a, t]).Select(found => found!)];
    }
}
