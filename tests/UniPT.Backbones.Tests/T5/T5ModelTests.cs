using UniPT.Backbones.T5;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.T5;

public sealed class T5ModelTests
{
    internal static readonly T5Config Small = new()
    {
        Vocabulary = 40,
        Width = 32,
        HeadWidth = 6,
        FeedForward = 48,
        Layers = 2,
        DecoderLayers = 3,
        Heads = 4,
        Buckets = 8,
        Farthest = 12,
    };

    private static readonly T5Config SmallGated = Small with { IsGated = true, IsTied = false };

    public static TheoryData<bool> Versions => [false, true];

    [Theory]
    [MemberData(nameof(Versions))]
    public void PaddingNeighboursAndLaterTokensDoNotMatter(bool gated)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(gated ? SmallGated : Small, out T5Model model);
        BackboneOutput batch = model.forward(Input([11, 2, 7, 5, 9, 9], [0, 12, 31, 18], 4, 3));
        BackboneOutput other = model.forward(Input([11, 2, 7, 5, 30, 31], [0, 12, 31, 25], 4, 3));
        BackboneOutput alone = model.forward(new BackboneInput((BackboneInput.TokensPart, Ids(11, 2, 7, 5)), (T5Model.DecoderTokensPart, Ids(0, 12, 31))));
        foreach ((string stream, int tokens) in new[] { (BackboneStream.Encoder, 4), (BackboneStream.Decoder, 3) })
        {
            IReadOnlyList<Tensor> expected = [.. alone[stream].Layers, alone[stream].BeforeNorm!];
            foreach (BackboneOutput found in new[] { batch, other })
            {
                Assert.All(expected.Zip([.. found[stream].Layers, found[stream].BeforeNorm!]), pair => Tensors.Close(pair.First, pair.Second.narrow(1, 0, tokens)));
            }
        }
    }

    /// <summary>A hole in the decoder is not seen, wherever it stands.</summary>
    [Fact]
    public void HolesOfTheDecoderAreNotSeen()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(Small, out T5Model model);
        Tensor Last(long hole) => model.forward(new BackboneInput(
            (BackboneInput.TokensPart, Ids(3, 4)), (T5Model.DecoderTokensPart, Ids(0, hole, 6)), (T5Model.DecoderMaskPart, TensorData.From([1f, 0, 1], 1, 3))))[BackboneStream.Decoder].Layers[^1].select(1, 2);
        Tensors.Close(Last(5), Last(29));
    }

    [Fact]
    public void TheEncoderAloneNeedsNoDecoderTokens()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(Small, out T5Model model);
        HiddenStates states = model.Streams[BackboneStream.Encoder].Read(new BackboneInput(Ids(3, 4, 5)));
        Assert.Equal(3, states.Layers.Count);
        var error = Assert.Throws<UserException>(() => model.Streams[BackboneStream.Decoder].Read(new BackboneInput(Ids(3, 4, 5))));
        Assert.Equal("The backbone gave no stream decoder; it gave encoder.", error.Message);
    }

    [Fact]
    public void TrainingReachesEveryWeight()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        foreach (T5Config config in new[] { Small, SmallGated })
        {
            Weights weights = Weights.Fresh(1);
            using WeightStore store = weights.Store;
            var model = new T5Model(weights, config);
            Tensor logits = model.Logits(model.forward(Input([11, 2, 7, 5, 9, 9], [0, 12, 31, 18], 4, 3))[BackboneStream.Decoder].Layers[^1]);
            (logits * torch.randn(logits.shape)).sum().Backward();
            Assert.All(store.Parameters, pair => Assert.True(pair.Value.grad!.abs().max().Item() > 0, pair.Key));
        }
    }

    /// <summary>On embeddings, attention weights, between the maps of a feed-forward network, on what blocks add, and behind the norms.</summary>
    [Fact]
    public void DropoutActsInTrainingAlone()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(Small with { Dropout = 0.5 }, out T5Model model);
        BackboneInput input = Input([11, 2, 7, 5, 9, 9], [0, 12, 31, 18], 6, 4);
        using WeightStore calm = Open(Small with { Dropout = 0 }, out T5Model without);
        Tensors.Close(without.forward(input)[BackboneStream.Decoder].Layers[^1], model.forward(input)[BackboneStream.Decoder].Layers[^1]);
        store.train(true);
        Tensor Zeros(Tensor state) => state.eq(Scalars.Of(0)).to(ScalarType.Float32).mean();
        BackboneOutput states = model.forward(input);
        Assert.All(
            new[] { BackboneStream.Encoder, BackboneStream.Decoder }.SelectMany(stream => new[] { states[stream].Layers[0], states[stream].Layers[^1] }),
            state => Assert.Equal(0.5, Zeros(state).Item(), 0.2));
        Assert.NotEqual(model.forward(input)[BackboneStream.Decoder].BeforeNorm!.ToBytes(), states[BackboneStream.Decoder].BeforeNorm!.ToBytes());
    }

    [Fact]
    public void APromptStandsBeforeTheTextAndTheDecoderSeesIt()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(Small, out T5Model model);
        BackboneOutput expected = model.forward(Input([5, 6, 11, 2, 7, 9], [0, 12, 31, 18], 5, 4));
        model.Streams[BackboneStream.Decoder].Prompt!.Vectors = store.Parameters["shared.weight"].index_select(0, TensorData.From([5L, 6], 2));
        BackboneOutput actual = model.forward(Input([11, 2, 7, 9], [0, 12, 31, 18], 3, 4));
        Assert.Equal([1, 4, 32], actual[BackboneStream.Encoder].Layers[^1].shape);
        Tensors.Close(expected[BackboneStream.Encoder].Layers[^1].narrow(1, 2, 3), actual[BackboneStream.Encoder].Layers[^1].narrow(1, 0, 3));
        Tensors.Close(expected[BackboneStream.Decoder].Layers[^1], actual[BackboneStream.Decoder].Layers[^1]);
    }

    /// <summary>The late blocks on the early ones' state and the encoder's memory give the whole before its norm.</summary>
    [Fact]
    public void ADecoderIsCutBeforeItsLastBlocks()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(Small, out T5Model model);
        BackboneInput input = Input([11, 2, 7, 5, 9, 9], [0, 12, 31, 18], 4, 3);
        HiddenStates whole = model.Streams[BackboneStream.Decoder].Read(input);
        HiddenStates before = model.Streams[BackboneStream.Decoder].BeforeEnd.Read(input);
        CutBackbone cut = model.Streams[BackboneStream.Decoder].Cut!(2);
        HiddenStates early = cut.Stream.Read(input);
        Assert.Equal(["encoder", "decoder"], cut.Streams.Names);
        Assert.Equal(3, early.Layers.Count);
        Tensors.Close(before.Memory!.Layers[^1], early.Memory!.Layers[^1]);
        Tensors.Close(before.Layers[^1].narrow(1, 0, 3), cut.Late(early.Layers[^1], early.Mask, whole.Memory).narrow(1, 0, 3));
    }

    [Fact]
    public void AnEncoderIsCutToo()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(Small, out T5Model model);
        BackboneInput input = BackboneInput.Texts(Ids(11, 2, 7, 5, 9, 9), TokenMask.From([4], 6));
        HiddenStates before = model.Streams[BackboneStream.Encoder].BeforeEnd.Read(input);
        CutBackbone cut = model.Streams[BackboneStream.Encoder].Cut!(1);
        HiddenStates early = cut.Stream.Read(input);
        Assert.Equal(2, early.Layers.Count);
        Tensors.Close(before.Layers[^1].narrow(1, 0, 4), cut.Late(early.Layers[^1], early.Mask).narrow(1, 0, 4));
    }

    /// <summary>The one stands behind the final norm and the other before it; of neither stream both are kept.</summary>
    [Fact]
    public void AStreamGivesTheLastStateBehindTheNormOrBeforeIt()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(Small, out T5Model model);
        BackboneInput input = Input([11, 2, 7, 5, 9, 9], [0, 12, 31, 18], 4, 3);
        BackboneOutput output = model.forward(input);
        BackboneStream decoder = model.Streams[BackboneStream.Decoder];
        foreach (BackboneStream behind in new[] { decoder, decoder.Select([1, 3], [0, 2]) })
        {
            HiddenStates normed = behind.Of(output);
            HiddenStates before = behind.BeforeEnd.Of(output);
            Assert.All([normed, normed.Memory!, before, before.Memory!], states => Assert.Null(states.BeforeNorm));
            Assert.Equal(output[BackboneStream.Decoder].Layers[^1].ToBytes(), normed.Layers[^1].ToBytes());
            Assert.Equal(output[BackboneStream.Encoder].Layers[^1].ToBytes(), normed.Memory!.Layers[^1].ToBytes());
            Assert.Equal(output[BackboneStream.Decoder].BeforeNorm!.ToBytes(), before.Layers[^1].ToBytes());
            Assert.Equal(output[BackboneStream.Encoder].BeforeNorm!.ToBytes(), before.Memory!.Layers[^1].ToBytes());
            Assert.Equal(normed.Layers[0].ToBytes(), before.Layers[0].ToBytes());
            Assert.Equal("layer 3 before the norm", behind.BeforeEnd.LayerNames[^1]);
        }

        BackboneStream first = decoder.Select([0, 1]);
        Assert.Equal(first.Of(output).Layers[^1].ToBytes(), first.BeforeEnd.Of(output).Layers[^1].ToBytes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void DecodingTokenByTokenIsTheWholeForward(int beams)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(Small, out T5Model model);
        Tensor tokens = TensorData.From([11L, 2, 7, 5, 9, 9, 3, 3], 2, 4);
        Tensor mask = TensorData.From([1f, 1, 1, 1, 1, 1, 0, 0], 2, 4);
        int calls = 0;
        using T5Decoding decoding = model.Begin(BackboneInput.Texts(tokens, mask));
        Assert.Equal(2, decoding.Rows);
        IReadOnlyList<int[]> found = TokenGeneration.Run(2, Next, new GenerationOptions { Beams = beams, MaxLength = 6 });
        Assert.Equal(5, calls);
        Assert.Equal(2, found.Count);

        Tensor Next(Tensor begun)
        {
            calls++;
            Tensor states = decoding.Forward(begun).Layers[^1];
            HiddenStates whole = model.forward(new BackboneInput(
                (BackboneInput.TokensPart, tokens.repeat_interleave(beams, 0)), (BackboneInput.MaskPart, mask.repeat_interleave(beams, 0)), (T5Model.DecoderTokensPart, begun)))[BackboneStream.Decoder];
            Tensors.Close(whole.Layers[^1], states);
            Tensor logits = model.Logits(states.select(1, -1));
            logits.select(1, 1).fill_(Scalars.Of(-1e9));
            return logits;
        }
    }

    [Fact]
    public void RowsThatAreNoMultipleOfTheTextsAreRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(Small, out T5Model model);
        using T5Decoding decoding = model.Begin(BackboneInput.Texts(torch.ones(2, 3, dtype: ScalarType.Int64)));
        var error = Assert.Throws<UserException>(() => decoding.Forward(torch.zeros(3, 1, dtype: ScalarType.Int64)));
        Assert.Equal("t5 decodes 2 texts here, so tokens must be [k·2, n]; they are [3, 1].", error.Message);

        // A part of its own decoder may be asked for, as methods do that run the last blocks themselves; another network's may not.
        BackboneStream cut = model.Streams[BackboneStream.Decoder].Cut!(1).Stream;
        Assert.Equal(2, decoding.Forward(torch.zeros(2, 1, dtype: ScalarType.Int64), cut).Layers.Count);
        using WeightStore other = Open(Small, out T5Model another);
        BackboneStream stranger = another.Streams[BackboneStream.Decoder];
        Assert.Contains("is decoded for its own streams", Assert.Throws<UserException>(() => decoding.Forward(torch.zeros(2, 1, dtype: ScalarType.Int64), stranger)).Message);
    }

    [Fact]
    public void LabelsAreShiftedBehindTheStart()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(Small, out T5Model model);
        Assert.Equal([0L, 7, 1, 0, 9, 9], model.DecoderTokens(TensorData.From([7L, 1, -100, 9, 9, 1], 1, 6)).ToArray<long>());
        Assert.Equal([0L, 7, 1], model.DecoderTokens(TensorData.From([7L, 1, -100], 1, 3)).ToArray<long>());
    }

    [Fact]
    public void ForwardsLeaveNothingBehind()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Open(SmallGated, out T5Model model);
        BackboneInput input = Input([11, 2, 7, 5, 9, 9], [0, 12, 31, 18], 4, 3);
        Leaks.None(() => model.Streams[BackboneStream.Decoder].Read(input));
    }

    internal static WeightStore Open(T5Config config, out T5Model model)
    {
        Weights weights = Weights.Fresh(1);
        model = new T5Model(weights, config);
        foreach (Tensor parameter in weights.Store.Parameters.Values)
        {
            parameter.requires_grad = false;
        }

        return weights.Store;
    }

    private static BackboneInput Input(long[] tokens, long[] decoder, int valid, int validDecoder) => new(
        (BackboneInput.TokensPart, Ids(tokens)),
        (BackboneInput.MaskPart, TokenMask.From([valid], tokens.Length)),
        (T5Model.DecoderTokensPart, Ids(decoder)),
        (T5Model.DecoderMaskPart, TokenMask.From([validDecoder], decoder.Length)));

    private static Tensor Ids(params long[] ids) => TensorData.From(ids, 1, ids.Length);
}
