using UniPT.Backbones;
using UniPT.Backbones.T5;
using UniPT.Torch;
using UniPT.Tuning.BitFit;
using UniPT.Tuning.Sherl;
using UniPT.Tuning.Tests.Hosts;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.T5;

/// <summary>What methods beside and inside an encoder and its decoder must hold to besides what all do.</summary>
public sealed class T5MethodsTests
{
    private static readonly TuningMethod[] Methods =
    [
        .. TransformerHostsTests.Methods().Where(method => method.Name != "bitfit"),
        new BitFitMethod(new BitFitOptions { Biases = TrainedBiases.Added }),
    ];

    public static TheoryData<string> Names => [.. Methods.Select(method => method.Name)];

    /// <summary>Else it would be trained on what it cannot see when it writes.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void NothingBesideTheDecoderSeesLaterTokens(string name)
    {
        using var trial = new Trial("t5/decoder", Named(name));
        trial.Train();
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor tokens = trial.Host.Input[T5Model.DecoderTokensPart];
        Tensor all = trial.Tuned.forward(Before(trial.Host.Input, tokens)).Tokens;
        Tensor first = trial.Tuned.forward(Before(trial.Host.Input, tokens.narrow(1, 0, 2))).Tokens;
        Near(all.narrow(1, 0, 2), first);
    }

    [Fact]
    public void ALookAtLaterTokensMustBeAskedFor()
    {
        using var trial = new Trial("t5/decoder", new UniPTMethod(new UniPTOptions { Width = 16, Causal = false }));
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor tokens = trial.Host.Input[T5Model.DecoderTokensPart];
        Tensor all = trial.Tuned.forward(Before(trial.Host.Input, tokens)).Tokens;
        Assert.NotEqual(trial.Tuned.forward(Before(trial.Host.Input, tokens.narrow(1, 0, 2))).Tokens.ToArray<float>()[..6], all.select(0, 0).narrow(0, 0, 1).ToArray<float>());
    }

    /// <summary>Texts that are encoded once give what the whole network with the method gives for every token.</summary>
    [Theory]
    [InlineData("unipt", 1)]
    [InlineData("unipt", 2)]
    [InlineData("lst", 1)]
    [InlineData("lst", 3)]
    [InlineData("lora", 2)]
    [InlineData("prefix", 2)]
    [InlineData("prompt", 2)]
    [InlineData("head", 2)]
    [InlineData("sherl", 1)]
    [InlineData("sherl", 2)]
    public void AMethodDecodesTokenByToken(string name, int beams)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Host host = Host.Open("t5/decoder");
        TunedBackbone tuned = Named(name).Attach(host.Stream);
        using WeightStore store = tuned.Store;
        var model = (T5Model)host.Backbone;
        var options = new GenerationOptions { Beams = beams, MaxLength = 6 };
        using T5Decoding decoding = model.Begin(host.Input);
        IReadOnlyList<int[]> once = TokenGeneration.Run(3, begun => Logits(tuned.Adapt(decoding.Forward(begun, tuned.Stream)).Tokens), options);
        IReadOnlyList<int[]> whole = TokenGeneration.Run(3, begun => Logits(tuned.forward(Before(host.Input, begun)).Tokens), options);
        Assert.Equal(whole, once);

        Tensor Logits(Tensor decoded) => model.Logits(decoded.select(1, -1));
    }

    /// <summary>With nothing merged and the gates open encoder and decoder are given what they are given in the frozen backbone.</summary>
    [Theory]
    [InlineData("t5/decoder", "encoder.", "decoder.")]
    [InlineData("t5/encoder", "", "")]
    public void TheLateBlocksOfSherlAreTheBackbones(string place, string first, string second)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Host host = Host.Open(place);
        TunedBackbone tuned = new SherlMethod(new SherlOptions()).Attach(host.Stream);
        using WeightStore store = tuned.Store;
        float[] untouched = tuned.forward(host.Input).Tokens.ToArray<float>();
        using IDisposable unrecorded = torch.no_grad();
        foreach (string at in new[] { first, second }.Distinct())
        {
            store.Parameters[$"{at}up.weight"].fill_(Scalars.Of(0));
            store.Parameters[$"{at}up.bias"].fill_(Scalars.Of(0));
            store.Parameters[$"{at}last_gate"].fill_(Scalars.Of(9));
        }

        // Beside an encoder alone it projects, as beside all others.
        if (store.Parameters.TryGetValue("linear.weight", out Parameter? linear))
        {
            linear.copy_(torch.eye(SmallBackbones.Width));
        }

        Tensor expected = host.Stream.Read(host.Input).Layers[^1];
        Near(expected, tuned.forward(host.Input).Tokens);
        Assert.NotEqual(untouched, expected.ToArray<float>());
    }

    [Fact]
    public void UniPTThatIsComputedTwiceIsTheSame()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor Features, Tensor[] Gradients) Step(bool recomputed)
        {
            using Host host = Host.Open("t5/decoder");
            TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Form = PublishedForm.T5Derived, Reduction = 4, Checkpoint = recomputed }).Attach(host.Stream);
            using WeightStore store = tuned.Store;
            Tensor features = tuned.forward(host.Input).Tokens;
            (features * torch.linspace(-1, 1, features.numel()).view(features.shape)).sum().Backward();
            return (features.detach().clone(), [.. store.Trainable.Select(pair => pair.Value.grad!.clone())]);
        }

        (Tensor kept, Tensor[] ofKept) = Step(false);
        (Tensor again, Tensor[] ofAgain) = Step(true);
        Near(kept, again);
        Assert.All(ofKept.Zip(ofAgain), pair => Near(pair.First, pair.Second));
    }

    private static TuningMethod Named(string name) => Methods.Single(method => method.Name == name);

    private static BackboneInput Before(BackboneInput input, Tensor tokens)
    {
        long times = tokens.size(0) / input.Rows;
        return new(
            (BackboneInput.TokensPart, input.Tokens.repeat_interleave(times, 0)),
            (BackboneInput.MaskPart, input.Mask!.repeat_interleave(times, 0)),
            (T5Model.DecoderTokensPart, tokens));
    }

    private static void Near(Tensor expected, Tensor actual) =>
        Assert.Equal(0, (expected - actual).abs().max().Item() / Math.Max(1e-3, expected.abs().max().Item()), 1e-4);
}
