using UniPT.Tuning.Adapters;
using UniPT.Tuning.BitFit;
using UniPT.Tuning.Full;
using UniPT.Tuning.Head;
using UniPT.Tuning.Ia3;
using UniPT.Tuning.Lora;
using UniPT.Tuning.Lst;
using UniPT.Tuning.NormTuning;
using UniPT.Tuning.Partial;
using UniPT.Tuning.PrefixTuning;
using UniPT.Tuning.PromptTuning;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.Hosts;

/// <summary>The paper's open question: methods beside and in recurrent networks.</summary>
public sealed class RecurrentHostsTests
{
    // Of the small networks: two directions of this width, over vectors or channels of that one.
    private const int Width = SmallBackbones.RecurrentWidth;
    private const int Input = SmallBackbones.Channels;

    public static TheoryData<string, string> Attached
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string host, TuningMethod method) in new[] { "gru", "lstm" }.SelectMany(host => Methods().Select(method => (host, method))))
            {
                data.Add(host, method.Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Attached))]
    public void ExactlyWhatTrainsChanges(string host, string name)
    {
        TuningMethod method = Methods().Single(known => known.Name == name);
        using (var trial = new Trial(host, method))
        {
            Assert.Equal(Trial.Frozen(host), trial.Hidden());
            Assert.Equal(method.ChangesHiddenStates, trial.Trained.Any(trained => trained.StartsWith("backbone.", StringComparison.Ordinal)));
            Assert.Equal(MethodContract.Moved(trial.Trained), MethodContract.Moved(trial.Train()));
            Assert.Equal(method.ChangesHiddenStates, !Trial.Frozen(host).SequenceEqual(trial.Hidden()));
        }

        MethodContract.LeaksNothing(host, method);
    }

    [Theory]
    [InlineData("gru", 3)]
    [InlineData("lstm", 4)]
    public void PartialTrainsTheLastLayerInBothDirections(string host, int gates) => MethodContract.TrainsExactly(
        host,
        new PartialMethod(new PartialOptions()),
        (2 * gates * Width * ((2 * Width) + Width + 2)) + MethodContract.Linear(2 * Width),
        [.. from reverse in new[] { "", "_reverse" } from name in new[] { "weight_ih", "weight_hh", "bias_ih", "bias_hh" } select $"backbone.rnn.{name}_l2{reverse}"]);

    [Theory]
    [InlineData("gru", 3)]
    [InlineData("lstm", 4)]
    public void BitFitTrainsEveryBias(string host, int gates)
    {
        using var trial = new Trial(host, new BitFitMethod());
        Assert.Equal((SmallBackbones.RecurrentLayers * 2 * 2 * gates * Width) + MethodContract.Linear(2 * Width), trial.TrainedCount);
    }

    [Theory]
    [InlineData("gru", 3, 0)]
    [InlineData("lstm", 4, 2010 * Input)]
    public void FullTrainsEveryWeight(string host, int gates, int words)
    {
        using var trial = new Trial(host, new FullMethod(new FullOptions()));
        Assert.Equal(
            (2 * gates * Width * (Input + Width + 2)) + ((SmallBackbones.RecurrentLayers - 1) * 2 * gates * Width * ((2 * Width) + Width + 2)) + words + MethodContract.Linear(2 * Width), trial.TrainedCount);
    }

    [Theory]
    [InlineData("gru")]
    [InlineData("lstm")]
    public void MethodsThatReachIntoTransformersRefuse(string host) => Assert.All(
        (TuningMethod[])
        [
            new LoraMethod(new LoraOptions()), new AdapterMethod(new AdapterOptions()), new Ia3Method(), new PrefixMethod(new PrefixOptions()),
            new PromptMethod(new PromptOptions()), new LayerNormMethod(),
        ],
        method =>
        {
            string message = Assert.Throws<UserException>(() => new Trial(host, method)).Message;
            Assert.StartsWith($"{method.Name} is not defined for {host}", message);
            Assert.Single(message.Split(". "));
        });

    [Fact]
    public void ALadderBesideThemDoesNotStartFromTheirLayers() => Assert.Equal(
        "lst cannot start from a pruned gru: it does not consist of Transformer layers.",
        Assert.Throws<UserException>(() => new Trial("gru", new LstMethod(new LstOptions { Start = LstStart.Magnitude }))).Message);

    private static TuningMethod[] Methods() =>
    [
        new UniPTMethod(new UniPTOptions { Width = 16 }),
        new HeadMethod(new HeadOptions()),
        new LstMethod(new LstOptions()),
        new FullMethod(new FullOptions()),
        new PartialMethod(new PartialOptions()),
        new BitFitMethod(),
    ];
}
