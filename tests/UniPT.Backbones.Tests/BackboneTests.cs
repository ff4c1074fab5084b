using UniPT.Torch;

namespace UniPT.Backbones.Tests;

public sealed class BackboneTests
{
    private const int Rows = 5;

    [Fact]
    public void WhereNothingIsRecordedPartsOfABatchGiveWhatTheWholeGives()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var backbone = new Widening(atOnce: 2);
        BackboneInput input = new(("signal", torch.randn(Rows, 3)), ("mask", torch.ones(Rows, 3)));
        HiddenStates whole = backbone.forward(input).Only;
        Assert.Equal([Rows], backbone.Taken);

        using IDisposable unrecorded = torch.no_grad();
        HiddenStates parts = backbone.forward(input).Only;

        Assert.Equal([Rows, 2, 2, 1], backbone.Taken);
        Assert.Equal(whole.Layers[0].ToArray<float>(), parts.Layers[0].ToArray<float>());
        Assert.Equal(whole.Mask!.ToArray<float>(), parts.Mask!.ToArray<float>());
        Assert.Equal(whole.Pooled!.ToArray<float>(), parts.Pooled!.ToArray<float>());
    }

    [Fact]
    public void WhatIsMadeInBetweenIsNotLargerThanThatOfAPart()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var backbone = new Widening(atOnce: 1);
        BackboneInput input = new(("signal", torch.randn(Rows, 1000)));
        using IDisposable unrecorded = torch.no_grad();
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();

        HiddenStates states = backbone.forward(input).Only;

        long bytes = states.Layers[0].ByteCount() + states.Pooled!.ByteCount();
        Assert.Equal(bytes, TensorMemory.Current() - before);
        Assert.InRange(TensorMemory.PeakAbove(before)!.Value, bytes, bytes + (1000 * Widening.Factor * 3 * sizeof(float)));
    }

    [Fact]
    public void ExamplesThatShareStatisticsRunTogetherInTraining()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        using var backbone = new Widening(atOnce: 2) { Shares = true };
        BackboneInput input = new(("signal", torch.randn(Rows, 3)));
        backbone.train();
        backbone.forward(input);
        backbone.eval();
        backbone.forward(input);

        Assert.Equal([Rows, 2, 2, 1], backbone.Taken);
    }

    /// <summary>The network itself can say then what is wrong.</summary>
    [Fact]
    public void PartsThatDoNotBelongTogetherAreGivenAsTheyAre()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        using var backbone = new Widening(atOnce: 2);
        backbone.forward(new(("signal", torch.randn(Rows, 3)), ("mask", torch.ones(Rows - 1, 3))));

        Assert.Equal([Rows], backbone.Taken);
    }

    /// <summary>Makes something much larger than what it gives.</summary>
    private sealed class Widening : Backbone
    {
        public const int Factor = 100;
        private readonly long _atOnce;

        public Widening(long atOnce) : base(Weights.Fresh(1).Store)
        {
            _atOnce = atOnce;
            Streams = new(new BackboneStream(this, "signal", HiddenLayout.Tokens, [1], ["only"]) { PooledWidth = 1 });
        }

        public List<long> Taken { get; } = [];

        public bool Shares { get; init; }

        public override bool HasRunningStatistics => Shares;

        public override string Name => "widening";

        public override BackboneStreams Streams { get; }

        protected override long ExamplesAtOnce(BackboneInput input) => _atOnce;

        protected override BackboneOutput Compute(BackboneInput input)
        {
            Taken.Add(input.Rows);
            Tensor wide = input.Values.repeat(1, Factor).sin();
            Tensor state = wide.narrow(1, 0, input.Values.size(1)).unsqueeze(-1).clone();
            return new("signal", new HiddenStates([state], input.Mask?.alias()) { Pooled = wide.mean([1], true) });
        }
    }
}
