using UniPT.Torch;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.Interactions;

namespace UniPT.Tuning.Tests.UniPT.Interactions;

/// <summary>The interaction and its written-out backward against its equation, target by target, and what autograd finds through that.</summary>
public sealed class ParallelInteractionTests
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
    public void ItsSumAndGradientsAreThoseOfTheEquation(Interaction interaction, EpsilonUse use, bool masked) => Assert.All(Enum.GetValues<MergeResidual>(), residual =>
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Trial trial = new(interaction, use, masked, residual);
        foreach (long scores in new long[] { 1, 4 })
        {
            Tensor shares = torch.randn(3, scores, Targets);
            Tensor[] leaves = Leaves([.. trial.Inputs, shares]);
            Tensor equation = Enumerable.Range(0, Targets)
                .Select(i => trial.Equation(leaves[0], leaves[1 + i]) * leaves[^1].narrow(2, i, 1))
                .Aggregate((sum, features) => sum.Add(features));
            Tensor[] expected = [equation, .. Gradients.Of([equation], [trial.Gradient], leaves).Select(found => found!)];

            (Tensor sum, Tensor? kept) = trial.Interaction.Forward(trial.Inputs[0], trial.Inputs[1..], shares, trial.Masks, keeps: true);
            Assert.NotNull(kept);
            foreach (Tensor? given in new[] { null, kept })
            {
                InteractionGradients gradients = trial.Interaction.Backward(trial.Inputs[0], trial.Inputs[1..], shares, trial.Masks, trial.Gradient, given);
                Same(expected, [sum, gradients.Anchor, .. gradients.Targets, gradients.Shares]);
            }
        }
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheWeightsOfOneTargetAreThoseOfTheEquation(Interaction interaction, EpsilonUse use, bool masked) => Assert.All(Enum.GetValues<MergeResidual>(), residual =>
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Trial trial = new(interaction, use, masked, residual);
        Tensor arriving = torch.randn(3, 4, 4);
        Tensor similarity = trial.Inputs[0].bmm(trial.Inputs[1].transpose(1, 2));
        Tensor[] Run(Func<Tensor, Tensor> weights)
        {
            Tensor[] leaves = Leaves([similarity]);
            Tensor found = weights(leaves[0]);
            return [found, .. Gradients.Of([found], [arriving], leaves).Select(gradient => gradient!)];
        }

        Same(Run(trial.Weights), Run(leaf => trial.Interaction.Weights(leaf, trial.Masks)));
    });

    [Fact]
    public void TheRecordedMeanIsTheMeanOfTheTargetsFeatures()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Trial trial = new(Interaction.ReluL1, EpsilonUse.Added, masked: true, MergeResidual.FirstToken);
        Tensor[] Run(Func<Tensor[], Tensor> mean)
        {
            Tensor[] leaves = Leaves(trial.Inputs);
            Tensor found = mean(leaves);
            return [found, .. Gradients.Of([found], [trial.Gradient], leaves).Select(gradient => gradient!)];
        }

        Same(
            Run(leaves => leaves[1..].Select(target => trial.Equation(leaves[0], target)).Aggregate((sum, features) => sum.Add(features)) / Scalars.Of(Targets)),
            Run(leaves => trial.Interaction.RecordedMean(leaves[0], leaves[1..], trial.Masks)));
        using IDisposable unrecorded = torch.no_grad();
        Assert.False(trial.Interaction.RecordedMean(Leaves(trial.Inputs)[0], trial.Inputs[1..], trial.Masks).requires_grad);
    }

    private static Tensor[] Leaves(Tensor[] tensors)
    {
        Tensor[] leaves = [.. tensors.Select(tensor => tensor.detach())];
        Array.ForEach(leaves, leaf => leaf.requires_grad = true);
        return leaves;
    }

    private static void Same(Tensor[] expected, Tensor[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair =>
        {
            Assert.Equal(pair.First.shape, pair.Second.shape);
            Assert.Equal(0, (pair.First - pair.Second).abs().max().Item(), 1e-5 * Math.Max(1, pair.First.abs().max().Item()));
        });
    }

    /// <summary>An interaction, what it is given, and its equation as it reads.</summary>
    private sealed class Trial
    {
        private readonly UniPTOptions _options;

        public Trial(Interaction interaction, EpsilonUse use, bool masked, MergeResidual residual)
        {
            TorchRuntime.ManualSeed(1);
            _options = new UniPTOptions { Interaction = interaction, Epsilon = Epsilon, EpsilonUse = use, Residual = residual, Mask = masked }.Resolved;

            // Small numbers, so that some rows sum to less than epsilon and some to more.
            Inputs = [.. Enumerable.Range(0, 1 + Targets).Select(_ => torch.randn(3, 4, 5) * Scalars.Of(0.4))];
            Tensor valid = TensorData.From([1f, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], 3, 4);
            Masks = TokenMasks.Of(_options, Inputs[0], valid);
            Interaction = new ParallelInteraction(RowNormalization.Of(_options), residual);
            Gradient = torch.randn(3, 4, 5);
        }

        /// <summary>The anchor, then the targets.</summary>
        public Tensor[] Inputs { get; }

        public Tensor Gradient { get; }

        public TokenMasks Masks { get; }

        public ParallelInteraction Interaction { get; }

        public Tensor Equation(Tensor anchor, Tensor target) => Weights(anchor.bmm(target.transpose(1, 2))).bmm(target);

        public Tensor Weights(Tensor similarity)
        {
            Tensor keys = Masks.Keys ?? torch.ones(3, 1, 4);
            Tensor counts = _options.Interaction == global::UniPT.Tuning.UniPT.Interaction.Softmax ? similarity.exp() * keys : (similarity * keys).relu();
            double added = _options.Interaction == global::UniPT.Tuning.UniPT.Interaction.Softmax || _options.EpsilonUse == EpsilonUse.Clamped ? 0 : Epsilon;
            double least = added > 0 ? 0 : _options.Interaction == global::UniPT.Tuning.UniPT.Interaction.Softmax ? 1e-12 : Epsilon;
            Tensor rows = counts / counts.sum(-1, true).Add(added).clamp_min(Scalars.Of(least));
            return _options.Residual switch
            {
                MergeResidual.Identity => rows.Add(torch.eye(4)),
                MergeResidual.None => rows,
                _ => rows.Add(Masks.Summary!),
            };
        }
    }
}
