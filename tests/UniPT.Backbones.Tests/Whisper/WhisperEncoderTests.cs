using UniPT.Backbones.Whisper;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Whisper;

public sealed class WhisperEncoderTests
{
    private static readonly WhisperConfig Small = new() { Bands = 5, Width = 64, Layers = 2, Heads = 1, FeedForward = 96, Positions = 6 };

    /// <summary>
    /// With W the width, L the layers and M the bands: W·(3M + 1) and W·(3W + 1) of the convolutions, 1500·W positions, L·(12·W² + 12·W) of the layers,
    /// 2·W of the last norm. Tiny: 92,544 + 442,752 + 576,000 + 4·1,774,080 + 768.
    /// </summary>
    [Fact]
    public void ThePublishedSizesHaveTheirParameters()
    {
        Assert.Equal(8_208_384, Checkpoints.ParameterCount(weights => _ = new WhisperEncoder(weights, WhisperConfig.Tiny)));
        Assert.Equal(20_590_592, Checkpoints.ParameterCount(weights => _ = new WhisperEncoder(weights, WhisperConfig.Base)));
        Assert.Equal(88_154_112, Checkpoints.ParameterCount(weights => _ = new WhisperEncoder(weights, WhisperConfig.Small)));
        Assert.Equal(307_216_384, Checkpoints.ParameterCount(weights => _ = new WhisperEncoder(weights, WhisperConfig.Medium)));
        Assert.Equal(636_784_640, Checkpoints.ParameterCount(weights => _ = new WhisperEncoder(weights, WhisperConfig.Large)));
        Assert.Equal(636_968_960, Checkpoints.ParameterCount(weights => _ = new WhisperEncoder(weights, WhisperConfig.LargeV3)));
    }

    /// <summary>Half a minute of sound is 3000 frames and 1500 tokens.</summary>
    [Fact]
    public void ThePublishedSizeReadsHalfAMinute()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var encoder = new WhisperEncoder(Weights.Fresh(1), WhisperConfig.Tiny with { Layers = 1 });
        using IDisposable unrecorded = torch.no_grad();
        HiddenStates states = encoder.forward(BackboneInput.Signals(torch.zeros(1, 3000, 80))).Only;
        Assert.Equal([[1, 1500, 384], [1, 1500, 384]], states.Layers.Select(layer => layer.shape));
    }

    [Theory]
    [InlineData("")]
    [InlineData("encoder.")]
    [InlineData("model.encoder.")]
    public void SizesComeFromTheShapesUnderAnyPrefixAndADecoderIsNotRead(string prefix)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(1);
        string path = Checkpoints.Write(
            folder,
            weights => _ = new WhisperEncoder(weights, Small),
            name => prefix + name,
            (prefix.Replace("encoder.", "") + "decoder.layer_norm.weight", torch.ones(64)),
            ("proj_out.weight", torch.ones(7, 64)));
        Backbone opened = BackboneRegistry.Open("whisper", path);
        using WeightStore store = opened.Store;
        Assert.Equal([64, 64, 64], opened.Streams[BackboneStream.Audio].Widths);
        Weights fresh = Weights.Fresh(3);
        using WeightStore other = fresh.Store;
        BackboneInput input = BackboneInput.Signals(torch.randn(2, 12, 5));
        Assert.Equal(Last(new WhisperEncoder(fresh, Small).forward(input)), Last(opened.forward(input)));
    }

    [Fact]
    public void FreshPositionsAreSinesAndCosines()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WhisperEncoder encoder = Fresh();
        float[] table = encoder.Store.Parameters["embed_positions.weight"].detach().ToArray<float>();
        Assert.Equal([.. Enumerable.Repeat(0f, 32), .. Enumerable.Repeat(1f, 32)], table[..64]);
        Assert.Equal(Math.Sin(3), table[3 * 64], 1e-6);
        Assert.Equal(Math.Cos(3e-4), table[(3 * 64) + 63], 1e-6);
    }

    [Fact]
    public void HeadsComeFromTheConfigurationBesideTheWeights()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Checkpoints.Write(folder, weights => _ = new WhisperEncoder(weights, Small));
        File.WriteAllText(folder.File("config.json"), """{"model_type": "whisper", "encoder_attention_heads": 4, "d_model": 64, "encoder_layers": 2, "decoder_layers": 9}""");
        using WeightStore store = BackboneRegistry.Open("whisper", path).Store;
        Weights place = Weights.Open(path);
        using WeightStore other = place.Store;
        Assert.Equal(Small with { Heads = 4 }, WhisperConfig.Of(place));
    }

    [Theory]
    [InlineData("""{"encoder_attention_heads": 3}""", "encoder_attention_heads is 3; expected a divisor of 64.")]
    [InlineData("""{"encoder_attention_heads": 0}""", "encoder_attention_heads is 0; expected a divisor of 64.")]
    [InlineData("""{"encoder_attention_heads": 1, "model_type": "bert"}""", "model_type is bert; expected whisper.")]
    [InlineData("""{"encoder_attention_heads": 1, "activation_function": "relu"}""", "activation_function is relu; expected gelu.")]
    [InlineData("""{"encoder_attention_heads": 1, "d_model": 65}""", "d_model is 65; expected 64, as the weights' shapes have it.")]
    [InlineData("""{"encoder_attention_heads": 1, "encoder_layers": 3}""", "encoder_layers is 3; expected 2, as the weights' shapes have it.")]
    [InlineData("""{"encoder_attention_heads": 1, "encoder_ffn_dim": -1}""", "encoder_ffn_dim is -1; expected 96, as the weights' shapes have it.")]
    [InlineData("""{"encoder_attention_heads": 1, "num_mel_bins": 80}""", "num_mel_bins is 80; expected 5, as the weights' shapes have it.")]
    [InlineData("""{"encoder_attention_heads": 1, "max_source_positions": 1500}""", "max_source_positions is 1500; expected 6, as the weights' shapes have it.")]
    [InlineData("{}", "is no configuration of a Whisper")]
    [InlineData("[", "is no configuration of a Whisper")]
    public void AConfigurationThatDoesNotFitIsRefused(string json, string sentence)
    {
        using var folder = new TemporaryFolder();
        string path = Checkpoints.Write(folder, weights => _ = new WhisperEncoder(weights, Small));
        File.WriteAllText(folder.File("config.json"), json);
        string message = Assert.Throws<UserException>(() => BackboneRegistry.Open("whisper", path)).Message;
        Assert.StartsWith(folder.File("config.json"), message);
        Assert.Contains(sentence, message);
    }

    [Fact]
    public void ABiasOfTheKeysIsLeftOver()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Checkpoints.Write(folder, weights => _ = new WhisperEncoder(weights, Small), more: ("layers.0.self_attn.k_proj.bias", torch.ones(64)));
        Assert.Contains("unexpected 1 tensor (layers.0.self_attn.k_proj.bias)", Assert.Throws<UserException>(() => BackboneRegistry.Open("whisper", path)).Message);
    }

    /// <summary>But for the frame after the last that counts, which the second convolution's middle frame sees.</summary>
    [Fact]
    public void FramesBehindTheMaskReachNoTokenThatCounts()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WhisperEncoder encoder = Fresh();
        Tensor signal = torch.randn(1, 12, 5);
        Tensor noisy = torch.cat([signal.narrow(1, 0, 8), torch.full([1, 4, 5], Scalars.Of(50f))], 1);
        Tensor mask = TokenMask.From([6], 12);
        HiddenStates clean = encoder.forward(BackboneInput.Signals(signal, mask)).Only;
        HiddenStates changed = encoder.forward(BackboneInput.Signals(noisy, mask)).Only;
        Assert.Equal([1f, 1, 1, 0, 0, 0], clean.Mask!.ToArray<float>());
        Tensors.Close(clean.Layers[^1].narrow(1, 0, 3), changed.Layers[^1].narrow(1, 0, 3), 1e-6);
        Assert.True((clean.Layers[^1] - changed.Layers[^1]).abs().max().Item() > 0.1);
    }

    [Fact]
    public void ACutNetworkGoesOnWhereItWasCut()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WhisperEncoder encoder = Fresh();
        BackboneInput input = BackboneInput.Signals(torch.randn(2, 11, 5), TokenMask.From([11, 4], 11));
        CutBackbone cut = encoder.Streams.Only.Cut!(1);
        HiddenStates early = cut.forward(input).Only;
        Assert.Equal(2, early.Layers.Count);
        Assert.Equal(Last(encoder.forward(input)), cut.Late(early.Layers[^1], early.Mask).detach().ToArray<float>());
    }

    [Theory]
    [InlineData(new long[] { 1, 13, 5 }, "whisper has positions for 12 frames; it was given 13.")]
    [InlineData(new long[] { 1, 0, 5 }, "whisper takes signals [B, N, 5] with N steps, at least 1; it was given [1, 0, 5].")]
    [InlineData(new long[] { 1, 5, 12 }, "whisper takes signals [B, N, 5] with N steps, at least 1; it was given [1, 5, 12].")]
    public void AnotherSignalIsRefused(long[] shape, string sentence)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WhisperEncoder encoder = Fresh();
        Assert.Equal(sentence, Assert.Throws<UserException>(() => encoder.forward(BackboneInput.Signals(torch.ones(shape)))).Message);
    }

    private static WhisperEncoder Fresh()
    {
        TorchRuntime.ManualSeed(2);
        return new WhisperEncoder(Weights.Fresh(4), Small);
    }

    private static float[] Last(BackboneOutput output) => output.Only.Layers[^1].detach().ToArray<float>();
}
