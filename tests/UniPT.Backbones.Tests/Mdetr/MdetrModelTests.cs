using UniPT.Backbones.Bert;
using UniPT.Backbones.Mdetr;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Mdetr;

public sealed class MdetrModelTests
{
    private static readonly string[] Streams = ["encoder", "decoder"];

    /// <summary>Shares of the published checkpoint without its heads; batch norms have buffers alone.</summary>
    [Fact]
    public void PublishedSizesHaveTheirPublishedParameterCounts()
    {
        Weights weights = Weights.Meta();
        using WeightStore store = weights.Store;
        _ = new MdetrModel(weights, MdetrConfig.ResNet101);
        long Of(string place) => store.Parameters.Where(pair => pair.Key.StartsWith(place)).Sum(pair => pair.Value.numel());
        Assert.Equal(185_382_724 - 231_300, store.ParameterCount);
        Assert.Equal(124_645_632, Of("transformer.text_encoder."));
        Assert.Equal(42_394_816, Of("backbone."));
        Assert.Equal(524_544, Of("input_proj."));
        Assert.Equal(197_376, Of("transformer.resizer."));
        Assert.Equal(6 * 1_315_072, Of("transformer.encoder."));
        Assert.Equal((6 * 1_578_752) + 512, Of("transformer.decoder."));
        Assert.Equal(25_600, Of("query_embed."));
        Assert.Equal(4 * 104, store.Buffers.Count);
    }

    [Fact]
    public void CellsThenTokensAndQueriesAreTheHiddenStatesWhateverThePicturesSize()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel model = SmallMdetr.Open(folder);
        using WeightStore store = model.Store;
        BackboneOutput output = model.forward(SmallMdetr.Input());

        // 3 × 4 cells and 4 tokens; of the second one count those cells at whose first pixel, in row 0, 23 or 46 and column 0, 25, 50 or 75, the picture is.
        HiddenStates encoder = output["encoder"];
        Assert.All(encoder.Layers, layer => Assert.Equal([2, 16, SmallMdetr.Width], layer.shape));
        Assert.Equal([.. Enumerable.Repeat(1f, 16), 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0], encoder.Mask!.ToArray<float>());
        HiddenStates decoder = output["decoder"];
        Assert.All(decoder.Layers, layer => Assert.Equal([2, SmallMdetr.Queries, SmallMdetr.Width], layer.shape));
        Assert.Null(decoder.Mask);
        Assert.Equal(0, decoder.Layers[0].abs().max().Item());
        Assert.Equal(["embedding", "layer 1", "layer 2", "layer 3"], model.Streams["encoder"].LayerNames);
        Assert.Equal(["queries", "layer 1", "layer 2"], model.Streams["decoder"].LayerNames);
        Assert.Same(model.Streams["encoder"], model.Streams["decoder"].Memory);
        Assert.Same(encoder.Mask, model.Streams["decoder"].Of(output).Memory!.Mask);
        Assert.All(Streams, stream => Assert.All(model.Streams[stream].Widths, width => Assert.Equal(SmallMdetr.Width, width)));
    }

    [Fact]
    public void WhatStandsAtPaddingDoesNotMatter()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel model = SmallMdetr.Open(folder);
        using WeightStore store = model.Store;
        BackboneInput input = SmallMdetr.Input();
        Tensor padding = Scalars.Of(1) - input[BackboneInput.PixelsMaskPart];
        Tensor ids = input.Tokens.clone();
        ids.select(0, 1).narrow(0, 2, 2).fill_(Scalars.Of(30));
        BackboneInput other = input.With("pixels", input.Pixels.Add(padding.unsqueeze(1))).With("tokens", ids);

        (HiddenStates expected, HiddenStates actual) = (model.Streams["decoder"].Read(input), model.Streams["decoder"].Read(other));

        Tensor valid = expected.Memory!.Mask!.unsqueeze(-1);
        Assert.All(expected.Memory.Layers.Zip(actual.Memory!.Layers), pair => Tensors.Close(pair.First * valid, pair.Second * valid));
        Assert.All(expected.Layers.Zip(actual.Layers).Skip(1), pair => Tensors.Close(pair.First, pair.Second));

        // But what counts does.
        Tensor changed = model.Streams["decoder"].Read(input.With("pixels", input.Pixels * Scalars.Of(0.5))).Layers[^1];
        Assert.True((changed - expected.Layers[^1]).abs().max().Item() > 1e-3);
    }

    [Fact]
    public void WithoutMasksEverythingCounts()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel model = SmallMdetr.Open(folder);
        using WeightStore store = model.Store;
        BackboneInput input = SmallMdetr.Input().With("mask", null).With("pixels_mask", null);

        HiddenStates states = model.Streams["decoder"].Read(input);

        HiddenStates masked = model.Streams["decoder"].Read(input.With("mask", torch.ones(2, 4)).With("pixels_mask", torch.ones([2, 70, 100], dtype: ScalarType.Bool)));
        Assert.Equal(32, states.Memory!.Mask!.sum().Item());
        Tensors.Close(masked.Layers[^1], states.Layers[^1]);
    }

    [Fact]
    public void FoldingChangesNothingAndScalesAndShiftsOfNormsNeverTrain()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel frozen = SmallMdetr.Open(folder);
        MdetrModel trained = SmallMdetr.Open(folder, trainable: true);
        using WeightStore first = frozen.Store;
        using WeightStore second = trained.Store;
        BackboneInput input = SmallMdetr.Input();
        Tensors.Close(trained.forward(input)["decoder"].Layers[^1].detach(), frozen.forward(input)["decoder"].Layers[^1]);
        Assert.Equal(first.Parameters.Keys, second.Parameters.Keys);
        Assert.DoesNotContain(second.Parameters.Keys, name => name.Contains(".bn") || name.Contains("downsample.1"));
        Assert.Contains("backbone.0.body.layer1.0.bn1.weight", second.Buffers.Keys);
    }

    /// <summary>But RoBERTa's pooler, which is not read.</summary>
    [Fact]
    public void TrainingReachesEveryWeightThatIsRead()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel model = SmallMdetr.Open(folder, trainable: true);
        using WeightStore store = model.Store;
        Tensor last = model.forward(SmallMdetr.Input())["decoder"].Layers[^1];
        (last * torch.randn(last.shape)).sum().Backward();
        string[] without = [.. store.Trainable.Where(pair => pair.Value.grad is not { } gradient || gradient.abs().max().Item() == 0).Select(pair => pair.Key)];
        Assert.All(without, name => Assert.Contains("pooler", name));
    }

    [Fact]
    public void DropoutActsInTrainingAlone()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(3);
        using WeightStore store = weights.Store;
        BertConfig calm = SmallMdetr.Config.Text with { Dropout = 0, AttentionDropout = 0 };
        var model = new MdetrModel(weights, SmallMdetr.Config with { Text = calm, Dropout = 0.5 });
        using IDisposable unrecorded = torch.no_grad();
        BackboneInput input = SmallMdetr.Input();
        BackboneOutput Run(long seed)
        {
            TorchRuntime.ManualSeed(seed);
            return model.forward(input);
        }

        Assert.Equal(Last(Run(1)), Last(Run(2)));
        store.train(true);
        Assert.Equal(Last(Run(1)), Last(Run(1)));
        Assert.NotEqual(Last(Run(1)), Last(Run(2)));

        // Of the words, but not of the cells, before the first layer.
        Tensor first = Run(1)["encoder"].Layers[0].eq(Scalars.Of(0)).to(ScalarType.Float32);
        Assert.Equal(0, first.narrow(1, 0, 12).mean().Item(), 1e-9);
        Assert.Equal(0.5, first.narrow(1, 12, 4).mean().Item(), 0.15);

        static byte[] Last(BackboneOutput output) => output["decoder"].Layers[^1].ToBytes();
    }

    [Fact]
    public void EveryLayerIsABlockWithItsMaps()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel model = SmallMdetr.Open(folder);
        using WeightStore store = model.Store;
        LinearRole[] own = [LinearRole.Query, LinearRole.Key, LinearRole.Value, LinearRole.Output, LinearRole.Up, LinearRole.Down];
        LinearRole[] cross = [LinearRole.CrossQuery, LinearRole.CrossKey, LinearRole.CrossValue, LinearRole.CrossOutput];
        Assert.Equal(["encoder layer 1", "encoder layer 2", "encoder layer 3"], model.Streams["encoder"].Blocks.Select(block => block.Name));
        Assert.Equal(["decoder layer 1", "decoder layer 2"], model.Streams["decoder"].Blocks.Select(block => block.Name));
        Assert.All(model.Streams["encoder"].Blocks, block => Assert.Equal(own, block.Linears.Keys.Order()));
        Assert.All(model.Streams["decoder"].Blocks, block => Assert.Equal([.. own, .. cross], block.Linears.Keys.Order()));
        Assert.All(model.Streams["decoder"].Blocks, block => Assert.Equal(18, block.Weights.Parameters.Count));

        // RoBERTa's 5, the resizer's, 2 of each layer of the encoder, 3 of each of the decoder, and the one behind it.
        Assert.Equal(5 + 1 + (3 * 2) + (2 * 3) + 1, store.Norms.Count);
    }

    /// <summary>A prompt stands in front of the text and is none of the hidden states.</summary>
    [Fact]
    public void APromptStandsInFrontOfEveryText()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel model = SmallMdetr.Open(folder);
        using WeightStore store = model.Store;
        BackboneInput input = SmallMdetr.Input();
        Tensor without = model.forward(input)["encoder"].Layers[0];

        model.Streams["decoder"].Prompt!.Vectors = torch.randn(6, 64);

        Tensor with = model.forward(input)["encoder"].Layers[0];
        Tensors.Close(without.narrow(1, 0, 12), with.narrow(1, 0, 12));
        Assert.True((without - with).narrow(1, 12, 2).abs().max().Item() > 1e-3);
        model.Streams["decoder"].Prompt!.Vectors = torch.randn(7, 64);
        Assert.Equal("mdetr has positions for 3 tokens of a text; it was given one of 4.", Assert.Throws<UserException>(() => model.forward(input)).Message);
    }

    [Fact]
    public void WhatItCannotReadIsSaid()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel model = SmallMdetr.Open(folder);
        using WeightStore store = model.Store;
        BackboneInput input = SmallMdetr.Input();
        Refused("mdetr takes pictures [B, 3, H, W]; it was given pixels_mask, tokens, mask and no pixels.", input.With("pixels", null));
        Refused("mdetr takes pictures [B, 3, H, W]; it was given [2, 4, 70, 100].", input.With("pixels", torch.rand(2, 4, 70, 100)));
        Refused("mdetr takes pictures [B, 3, H, W]; it was given [2, 3, 0, 100].", input.With("pixels", torch.rand(2, 3, 0, 100)));
        Refused("mdetr takes a pixels_mask with one number for every pixel, [2, 70, 100]; it was given [2, 70, 99].", input.With("pixels_mask", torch.ones(2, 70, 99)));
        Refused("mdetr takes token ids [B, N] beside pictures; it was given pixels, pixels_mask, mask and no tokens.", input.With("tokens", null));
        Refused("mdetr takes one text for every picture, token ids [2, N]; it was given [1, 4].", input.With("tokens", torch.ones([1, 4], dtype: ScalarType.Int64)));
        Refused("mdetr has positions for 10 tokens of a text; it was given one of 11.", input.With("mask", null).With("tokens", torch.ones([2, 11], dtype: ScalarType.Int64)));
        Refused("roberta takes a mask with one number for every token id; it was given [2, 5].", input.With("mask", torch.ones(2, 5)));

        void Refused(string message, BackboneInput refused) => Assert.Equal(message, Assert.Throws<UserException>(() => model.forward(refused)).Message);
    }

    /// <summary>What is read stays, and nothing else that the network made.</summary>
    [Fact]
    public void OnlyTheLayersThatAreReadStayAlive()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel model = SmallMdetr.Open(folder);
        using WeightStore store = model.Store;
        BackboneInput input = SmallMdetr.Input();
        BackboneStream read = model.Streams["decoder"].Select([1, 2], memoryLayers: [0, 3]);
        long before = TensorMemory.Current();

        HiddenStates states = read.Read(input);

        long bytes = states.Layers.Concat(states.Memory!.Layers).Sum(layer => layer.ByteCount()) + states.Memory.Mask!.ByteCount();
        Assert.Equal((2, 2), (states.Layers.Count, states.Memory.Layers.Count));
        Assert.InRange(TensorMemory.Current() - before, bytes, bytes + (64 * 5));
    }

    [Fact]
    public void ForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel model = SmallMdetr.Open(folder);
        using WeightStore store = model.Store;
        BackboneInput input = SmallMdetr.Input();
        Leaks.None(() => model.forward(input));
    }

    /// <summary>Large pictures run one after the other where nothing is recorded.</summary>
    [Fact]
    public void PartsOfABatchGiveWhatTheWholeGives()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel model = SmallMdetr.Open(folder);
        using WeightStore store = model.Store;
        BackboneInput small = SmallMdetr.Input();
        Tensor pixels = torch.rand(2, 3, 600, 640);
        Tensor mask = torch.ones(2, 600, 640);
        mask.select(0, 1).narrow(0, 300, 300).zero_();
        BackboneInput input = small.With("pixels", pixels).With("pixels_mask", mask);

        Tensor whole = model.forward(input)["decoder"].Layers[^1];
        using IDisposable unrecorded = torch.no_grad();
        Tensors.Close(whole, model.forward(input)["decoder"].Layers[^1]);
        Assert.Contains("one text for every picture", Assert.Throws<UserException>(() => model.forward(input.With("tokens", torch.ones([1, 4], dtype: ScalarType.Int64)))).Message);
    }

    [Fact]
    public void ItComputesInBFloat16()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        MdetrModel model = SmallMdetr.Open(folder);
        using WeightStore store = model.Store;
        BackboneInput input = SmallMdetr.Input();
        Tensor exact = model.forward(input)["decoder"].Layers[^1];
        store.Convert(ScalarType.BFloat16);
        HiddenStates rounded = model.Streams["decoder"].Read(input);
        Assert.All(rounded.Layers.Concat(rounded.Memory!.Layers), layer => Assert.Equal(ScalarType.BFloat16, layer.dtype));
        Tensors.Close(exact, rounded.Layers[^1].to(ScalarType.Float32), 0.05);
    }
}
