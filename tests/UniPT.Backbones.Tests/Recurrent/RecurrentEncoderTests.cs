using UniPT.Backbones.Layers;
using UniPT.Backbones.Recurrent;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Recurrent;

public sealed class RecurrentEncoderTests
{
    private static readonly RecurrentConfig OfSignals = new() { Input = 5, Width = 4, Layers = 3, Bidirectional = true };
    private static readonly RecurrentConfig OfWords = OfSignals with { Cell = RecurrentCell.Lstm, Vocabulary = 20, Layers = 2, Bidirectional = false };

    /// <summary>VSE++'s text encoder and its bidirectional form: 3·1024·(300 + 1024 + 2) weights for each direction.</summary>
    [Theory]
    [InlineData(false, 4_073_472)]
    [InlineData(true, 8_146_944)]
    public void ThePublishedSizeHasItsParameters(bool bidirectional, long count)
    {
        Weights weights = Weights.Meta();
        using WeightStore store = weights.Store;
        _ = new RecurrentEncoder(weights, new RecurrentConfig { Bidirectional = bidirectional });
        Assert.Equal(count, store.ParameterCount);
    }

    [Theory]
    [InlineData("rnn.")]
    [InlineData("")]
    public void ANetworkOfSignalsIsTheStateDictOfPyTorchsModuleOrOneAround(string prefix)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        string path = Checkpoints.Write(folder, weights => _ = new RecurrentEncoder(weights, OfSignals), name => prefix + name["rnn.".Length..]);
        Backbone opened = BackboneRegistry.Open("gru", path);
        using WeightStore store = opened.Store;
        Assert.Equal("gru", opened.Name);
        BackboneStream stream = opened.Streams[BackboneStream.Audio];
        Assert.Equal([8, 8, 8], stream.Widths);
        Assert.Equal(["layer 1", "layer 2", "layer 3"], stream.LayerNames);
        Assert.Contains($"{prefix}weight_hh_l2_reverse", store.Parameters.Keys);

        Weights fresh = Weights.Fresh(3);
        using WeightStore other = fresh.Store;
        var direct = new RecurrentEncoder(fresh, OfSignals);
        BackboneInput input = BackboneInput.Signals(torch.randn(2, 6, 5));
        Assert.Equal(Values(direct.forward(input)), Values(opened.forward(input)));
    }

    [Fact]
    public void ANetworkOfWordsGivesTheirVectorsFirst()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        Backbone opened = BackboneRegistry.Open("lstm", Checkpoints.Write(folder, weights => _ = new RecurrentEncoder(weights, OfWords)));
        using WeightStore store = opened.Store;
        Assert.Equal(20, opened.Vocabulary);
        Assert.Equal([5, 4, 4], opened.Streams[BackboneStream.Text].Widths);
        HiddenStates states = opened.forward(BackboneInput.Texts([[3, 4], [5, 6, 7]])).Only;
        Assert.Equal([[2, 3, 5], [2, 3, 4], [2, 3, 4]], states.Layers.Select(layer => layer.shape));
    }

    [Fact]
    public void AnotherCellsCheckpointIsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = Checkpoints.Write(folder, weights => _ = new RecurrentEncoder(weights, OfWords));
        Assert.Equal(
            "gru has 3 gates, so its weight_hh_l0 must be 3 times as high as wide; the checkpoint's has the shape [16, 4].",
            Assert.Throws<UserException>(() => BackboneRegistry.Open("gru", path)).Message);
    }

    /// <summary>An LSTM with projections has <c>weight_hr_l0</c>, which nothing here reads.</summary>
    [Fact]
    public void AProjectionBehindTheStateIsRefused()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Checkpoints.Write(folder, weights => _ = new RecurrentEncoder(weights, OfWords), more: ("rnn.weight_hr_l0", torch.ones(2, 4)));
        Assert.Contains("unexpected 1 tensor (rnn.weight_hr_l0)", Assert.Throws<UserException>(() => BackboneRegistry.Open("lstm", path)).Message);
    }

    [Fact]
    public void WhatPadsARowDoesNotReachIt()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Backbone encoder = Fresh(OfSignals);
        Tensor signal = torch.randn(2, 6, 5);
        Tensor noisy = torch.cat([signal.narrow(1, 0, 4), torch.full([2, 2, 5], Scalars.Of(1e6f))], 1);
        Tensor mask = TokenMask.From([4, 2], 6);
        float[] clean = Values(encoder.forward(BackboneInput.Signals(signal * mask.unsqueeze(-1), mask)));
        Assert.Equal(clean, Values(encoder.forward(BackboneInput.Signals(noisy, mask))));
        HiddenStates alone = encoder.forward(BackboneInput.Signals(signal.narrow(0, 1, 1).narrow(1, 0, 2))).Only;
        HiddenStates together = encoder.forward(BackboneInput.Signals(signal, mask)).Only;
        Tensors.Close(alone.Layers[^1], together.Layers[^1].narrow(0, 1, 1).narrow(1, 0, 2), 1e-6);
        Assert.Equal(0, together.Layers[^1].narrow(0, 1, 1).narrow(1, 2, 4).abs().max().Item());
    }

    [Fact]
    public void StepsThatDoNotCountArePassedOver()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Backbone encoder = Fresh(OfSignals with { Cell = RecurrentCell.Lstm });
        Tensor signal = torch.randn(1, 5, 5);
        Tensor mask = TensorData.From([0f, 1, 1, 0, 1], 1, 5);
        Tensor counting = TensorData.From([1L, 2, 4], 3);
        HiddenStates holey = encoder.forward(BackboneInput.Signals(signal, mask)).Only;
        HiddenStates dense = encoder.forward(BackboneInput.Signals(signal.index_select(1, counting))).Only;
        Tensors.Close(dense.Layers[^1], holey.Layers[^1].index_select(1, counting), 1e-6);
    }

    [Fact]
    public void ARowWithoutAnyStepIsZeroAndKeepsGradientsFinite()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Backbone encoder = Fresh(OfSignals);
        HiddenStates states = encoder.forward(BackboneInput.Signals(torch.randn(2, 3, 5), TokenMask.From([0, 3], 3))).Only;
        states.Layers[^1].pow(Scalars.Of(2)).sum().Backward();
        Assert.Equal(0, states.Layers[^1].narrow(0, 0, 1).abs().max().Item());
        Assert.All(encoder.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().item<bool>()));
    }

    [Fact]
    public void ACutNetworkGoesOnWhereItWasCut()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        foreach (RecurrentConfig config in (RecurrentConfig[])[OfSignals, OfWords])
        {
            using Backbone encoder = Fresh(config);
            Tensor mask = TokenMask.From([4, 2], 4);
            BackboneInput input = config.Vocabulary is null
                ? BackboneInput.Signals(torch.randn(2, 4, 5), mask)
                : BackboneInput.Texts(TensorData.From([1L, 2, 3, 4, 5, 6, 7, 8], 2, 4), mask);
            CutBackbone cut = encoder.Streams.Only.Cut!(1);
            HiddenStates early = cut.forward(input).Only;
            Assert.Equal(cut.Streams.Only.Widths.Select(width => (long)width), early.Layers.Select(layer => layer.size(2)));
            Assert.Equal(Values(encoder.forward(input)), cut.Late(early.Layers[^1], mask).detach().ToArray<float>());
        }
    }

    [Theory]
    [InlineData("[2, 3]", "gru takes signals [B, N, 5] with N steps, at least 1; it was given [2, 3].")]
    [InlineData("[2, 3, 4]", "gru takes signals [B, N, 5] with N steps, at least 1; it was given [2, 3, 4].")]
    [InlineData("[2, 0, 5]", "gru takes signals [B, N, 5] with N steps, at least 1; it was given [2, 0, 5].")]
    [InlineData("pixels", "gru takes signals [B, N, 5]; it was given pixels and no signal.")]
    [InlineData("mask", "gru takes a mask with one number for every step of the signal [2, 3, 5]; it was given [2, 4].")]
    public void AnotherInputIsRefused(string given, string sentence)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Backbone encoder = Fresh(OfSignals);
        BackboneInput input = given switch
        {
            "pixels" => BackboneInput.Pictures(torch.ones(1, 3, 4, 4)),
            "mask" => BackboneInput.Signals(torch.ones(2, 3, 5), torch.ones(2, 4)),
            _ => BackboneInput.Signals(torch.ones([.. given.Trim('[', ']').Split(", ").Select(long.Parse)])),
        };
        Assert.Equal(sentence, Assert.Throws<UserException>(() => encoder.forward(input)).Message);
    }

    [Fact]
    public void TokensOfAnotherShapeAreRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Backbone encoder = Fresh(OfWords);
        Assert.Equal(
            "lstm takes token ids [B, N]; it was given signal and no tokens.",
            Assert.Throws<UserException>(() => encoder.forward(BackboneInput.Signals(torch.ones(1, 2, 5)))).Message);
    }

    [Fact]
    public void NothingPilesUp()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Backbone encoder = Fresh(OfSignals with { Cell = RecurrentCell.Lstm });
        Tensor signal = torch.randn(2, 4, 5);
        Tensor mask = TokenMask.From([4, 2], 4);
        Leaks.None(() =>
        {
            encoder.forward(BackboneInput.Signals(signal, mask)).Only.Layers[^1].sum().Backward();
            encoder.zero_grad();
        });
    }

    private static RecurrentEncoder Fresh(RecurrentConfig config)
    {
        TorchRuntime.ManualSeed(2);
        return new RecurrentEncoder(Weights.Fresh(4), config);
    }

    private static float[] Values(BackboneOutput output) => output.Only.Layers[^1].detach().ToArray<float>();
}
