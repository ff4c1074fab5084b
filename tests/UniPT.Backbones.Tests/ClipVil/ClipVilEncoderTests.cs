using UniPT.Backbones.Bert;
using UniPT.Backbones.Clip;
using UniPT.Backbones.ClipVil;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.ClipVil;

public sealed class ClipVilEncoderTests
{
    private const int Width = 64;

    internal static readonly ClipVilConfig Small = new()
    {
        Image = new ClipResNetConfig { Blocks = [1, 1, 1, 1], Width = 4, Heads = 2 },
        Joint = new BertConfig { Vocabulary = 40, Width = Width, Layers = 2, Heads = 1, FeedForward = 96, Positions = 10 },
        GridPositions = 3,
    };

    /// <summary>What the forward pass reads, and with it what the published code holds besides: the rest of CLIP but for its text Transformer, and the boxes' maps.</summary>
    [Fact]
    public void PublishedSizesHaveThePublishedParameters()
    {
        const long HeadOfVqa = 5_993_529;
        long used = Checkpoints.ParameterCount(weights => new ClipVilEncoder(weights, new ClipVilConfig()));
        long clip = Checkpoints.ParameterCount(weights => new ClipModel(weights, ClipResNetConfig.Rn50x4, new ClipTextConfig { Width = 640, Heads = 10, Output = 640 }));
        long trunk = Checkpoints.ParameterCount(weights => ClipResNet.Trunk(weights, ClipResNetConfig.Rn50x4));
        const long TextTransformer = 59_082_240;
        const long Boxes = (4 * 768) + 768 + (2 * 768);
        Assert.Equal(183_191_793 - HeadOfVqa, used);
        Assert.Equal(236_795_890 - HeadOfVqa, used - trunk + clip - TextTransformer + Boxes);
    }

    [Fact]
    public void StatesAreOfWordsAndCells()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipVilEncoder encoder);
        BackboneStream stream = encoder.Streams[BackboneStream.Joint];
        Assert.Equal(["embedding", "layer 1", "layer 2"], stream.LayerNames);
        Assert.Equal([Width, Width, Width], stream.Widths);
        Assert.Equal(["layer 1", "layer 2"], stream.Blocks.Select(block => block.Name));
        Assert.All(stream.Blocks, block => Assert.Equal(6, block.Linears.Count));
        HiddenStates states = encoder.forward(Input([3, 5])).Only;
        Assert.All(states.Layers, layer => Assert.Equal([2, 5 + 6, Width], layer.shape));
        Assert.Equal([1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], states.Mask!.ToArray<float>());
        Assert.Null(encoder.forward(Input(null)).Only.Mask);
    }

    /// <summary>What stands at padding is not seen by what counts, words and cells.</summary>
    [Fact]
    public void PaddingAndNeighboursDoNotMatter()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipVilEncoder encoder);
        Tensor pixels = torch.rand(2, 3, 64, 96);
        Tensor ids = torch.randint(1, 40, [2, 5], dtype: ScalarType.Int64);
        HiddenStates both = encoder.forward(Input([3, 5], pixels, ids)).Only;
        HiddenStates alone = encoder.forward(Input(null, pixels.narrow(0, 0, 1), ids.narrow(0, 0, 1).narrow(1, 0, 3))).Only;
        Tensor counted = TensorData.From([0L, 1, 2, 5, 6, 7, 8, 9, 10], 9);
        Assert.All(both.Layers.Zip(alone.Layers), pair => Tensors.Close(pair.Second, pair.First.narrow(0, 0, 1).index_select(1, counted)));
    }

    /// <summary>Cells come row by row, each with a vector for its row, of the table x, and for its column.</summary>
    [Fact]
    public void CellsHavePlaces()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var positions = new GridPositions(weights, 5, 4);
        Tensor map = torch.rand(1, 4, 2, 3);
        Tensor tokens = positions.forward(map);
        Tensor expected = map.select(0, 0).select(1, 1).select(1, 2)
            .Add(store.Parameters["x_position_embedding.weight"].select(0, 1)).Add(store.Parameters["y_position_embedding.weight"].select(0, 2));
        Tensors.Close(expected, tokens.select(0, 0).select(0, (1 * 3) + 2));
    }

    [Fact]
    public void ThePoolerHasNoTanh()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipVilEncoder encoder);
        Tensor tokens = torch.randn(2, 7, Width);
        Tensor weight = store.Parameters["pooler.dense.weight"];
        Tensors.Close(tokens.select(1, 0).MatMul(weight.transpose(0, 1)).Add(store.Parameters["pooler.dense.bias"]), encoder.Pool(tokens));
    }

    /// <summary>The published files' names, as pretrained, as fine-tuned and bare, with all that they hold besides.</summary>
    [Theory]
    [InlineData("bert.")]
    [InlineData("lxrt_encoder.model.bert.")]
    [InlineData("")]
    public void AFileOfThePublishedCodeOpens(string prefix)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string clip = $"{prefix}encoder.visual_model.";
        string path = Checkpoints.Write(
            folder,
            weights => new ClipVilEncoder(weights, Small),
            name => prefix + name,
            [
                ("cls.predictions.bias", torch.ones(1)), ("obj_predict_head.transform.dense.weight", torch.ones(1)), ("answer_head.logit_fc.0.weight", torch.ones(1)),
                ("logit_fc.0.weight", torch.ones(1)),
                ($"{clip}transformer.resblocks.0.attn.in_proj_weight", torch.ones(1)), ($"{clip}token_embedding.weight", torch.ones(1)),
                ($"{clip}positional_embedding", torch.ones(1)), ($"{clip}ln_final.weight", torch.ones(1)), ($"{clip}text_projection", torch.ones(1)),
                ($"{clip}logit_scale", torch.ones(1)), ($"{clip}visual.attnpool.q_proj.weight", torch.ones(1)), ($"{clip}visual.bn1.num_batches_tracked", torch.tensor(3L)),
                ($"{prefix}encoder.visn_fc.box_fc.weight", torch.ones(1)), ($"{prefix}encoder.visn_fc.box_layer_norm.bias", torch.ones(1)),
            ]);
        Backbone backbone = BackboneRegistry.Open("clip_vil", path);
        using WeightStore store = backbone.Store;
        Weights weights = Weights.Fresh(3);
        using WeightStore other = weights.Store;
        var expected = new ClipVilEncoder(weights, Small);
        Assert.Equal(40, backbone.Vocabulary);
        BackboneInput input = Input([3, 5]);
        Tensors.Close(expected.forward(input).Only.Layers[^1], backbone.forward(input).Only.Layers[^1]);
        Assert.True(BackboneRegistry.HasTokenizer("clip_vil"));
    }

    [Fact]
    public void AnotherNetworksFileIsRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        string path = Checkpoints.Write(folder, weights => new BertEncoder(weights / "bert", Small.Joint));
        var error = Assert.Throws<UserException>(() => BackboneRegistry.Open("clip_vil", path));
        Assert.Contains("lacks bert.encoder.visual_model.visual.conv3.weight", error.Message);
        path = Checkpoints.Write(folder, weights => new ClipVilEncoder(weights / "bert", Small), name => name, ("bert.encoder.adapter.weight", torch.ones(1)));
        Assert.Contains("unexpected 1 tensor (bert.encoder.adapter.weight)", Assert.Throws<UserException>(() => BackboneRegistry.Open("clip_vil", path)).Message);
    }

    public static TheoryData<string, long[], long[]> Refused => new()
    {
        { "clip_vil has positions for 10 tokens; it was given texts of 11.", [2, 3, 64, 96], [2, 11] },
        { "clip_vil has positions for 3 × 3 cells, so for pictures of 96 × 96 pixels at most; it was given [2, 3, 64, 128].", [2, 3, 64, 128], [2, 5] },
        { "clip_vil takes pictures [B, 3, H, W] with H and W multiples of 32; it was given [2, 3, 64, 80].", [2, 3, 64, 80], [2, 5] },
        { "clip_vil takes one text for every picture; it was given 2 pictures and 3 texts.", [2, 3, 64, 96], [3, 5] },
        { "clip_vil takes token ids [B, N]; it was given [10].", [2, 3, 64, 96], [10] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void OtherInputsAreRefused(string expected, long[] pixels, long[] ids)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipVilEncoder encoder);
        BackboneInput input = Input(null, torch.zeros(pixels), torch.zeros(ids, dtype: ScalarType.Int64));
        Assert.Equal(expected, Assert.Throws<UserException>(() => encoder.forward(input)).Message);
    }

    [Fact]
    public void BothPartsAreNeeded()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipVilEncoder encoder);
        Assert.Contains("no tokens", Assert.Throws<UserException>(() => encoder.forward(BackboneInput.Pictures(torch.zeros(1, 3, 64, 64)))).Message);
        Assert.Contains("no pixels", Assert.Throws<UserException>(() => encoder.forward(BackboneInput.Texts(torch.ones([1, 3], dtype: ScalarType.Int64)))).Message);
    }

    /// <summary>A prompt of word vectors does what those words would do in front, but is not among the hidden states.</summary>
    [Fact]
    public void APromptStandsInFrontOfTheText()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipVilEncoder encoder);
        Tensor pixels = torch.rand(2, 3, 64, 96);
        HiddenStates expected = encoder.forward(Input([5, 3], pixels, TensorData.From([5L, 6, 11, 2, 7, 5, 6, 12, 0, 0], 2, 5))).Only;
        Prompt prompt = encoder.Streams.Only.Prompt!;
        prompt.Vectors = store.Parameters["embeddings.word_embeddings.weight"].index_select(0, TensorData.From([5L, 6], 2));
        HiddenStates actual = encoder.forward(Input([3, 1], pixels, TensorData.From([11L, 2, 7, 12, 0, 0], 2, 3))).Only;
        Assert.All(expected.Layers.Zip(actual.Layers), pair => Tensors.Close(pair.First.narrow(1, 2, 9), pair.Second));
        Assert.Equal([2, 9], actual.Mask!.shape);
        var error = Assert.Throws<UserException>(() => encoder.forward(Input(null, pixels, torch.ones([2, 9], dtype: ScalarType.Int64))));
        Assert.Equal("clip_vil has positions for 10 tokens, of which a prompt takes 2; it was given texts of 9.", error.Message);
    }

    /// <summary>But for what LXMERT's code holds fast: the first row of every table, of which one segment alone has no other.</summary>
    [Fact]
    public void TrainingReachesEveryWeight()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipVilEncoder encoder);
        Tensor pooled = encoder.Pool(encoder.forward(Input([3, 5], segments: TensorData.From([0L, 1, 1, 0, 0, 0, 0, 1, 1, 1], 2, 5))).Only.Layers[^1]);
        (pooled * torch.randn(pooled.shape)).sum().Backward();

        // A bias of all keys cancels in the softmax.
        Assert.All(store.Parameters.Where(pair => !pair.Key.EndsWith("key.bias")), pair => Assert.True(pair.Value.grad!.abs().max().Item() > 0, pair.Key));
        Assert.All(
            new[] { "word", "position", "token_type" },
            table => Assert.Equal(0, store.Parameters[$"embeddings.{table}_embeddings.weight"].grad!.select(0, 0).abs().max().Item()));
    }

    [Fact]
    public void ItComputesInBFloat16()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipVilEncoder encoder);
        using IDisposable unrecorded = torch.no_grad();
        BackboneInput input = Input([3, 5]);
        Tensor exact = encoder.forward(input).Only.Layers[^1];
        foreach (Tensor parameter in store.Parameters.Values)
        {
            parameter.requires_grad = false;
        }

        store.Convert(ScalarType.BFloat16);
        Tensors.Close(exact, encoder.forward(input).Only.Layers[^1].to(ScalarType.Float32), 0.05);
    }

    [Fact]
    public void ForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Fresh(out ClipVilEncoder encoder);
        BackboneInput input = Input([3, 5]);
        using IDisposable unrecorded = torch.no_grad();
        Leaks.None(() => encoder.Pool(encoder.forward(input).Only.Layers[^1]));
    }

    /// <summary>Two pictures of 2 × 3 cells and two texts of 5 words, unless others are given.</summary>
    internal static BackboneInput Input(int[]? lengths, Tensor? pixels = null, Tensor? ids = null, Tensor? segments = null)
    {
        pixels ??= torch.rand(2, 3, 64, 96);
        ids ??= torch.randint(1, 40, [2, 5], dtype: ScalarType.Int64);
        List<(string, Tensor)> parts = [(BackboneInput.PixelsPart, pixels), (BackboneInput.TokensPart, ids)];
        if (lengths is not null)
        {
            parts.Add((BackboneInput.MaskPart, TokenMask.From(lengths, ids.size(1))));
        }

        if (segments is not null)
        {
            parts.Add((BackboneInput.SegmentsPart, segments));
        }

        return new BackboneInput([.. parts]);
    }

    private static WeightStore Fresh(out ClipVilEncoder encoder)
    {
        Weights weights = Weights.Fresh(1);
        encoder = new ClipVilEncoder(weights, Small);
        return weights.Store;
    }
}
