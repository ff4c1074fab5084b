using UniPT.Backbones.T5;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.T5;

public sealed class T5CheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    /// <summary>Sizes come from the shapes, also where the heads together are wider than the tokens.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACheckpointSaysItsSizes(bool gated)
    {
        T5Config config = T5ModelTests.Small with { HeadWidth = 16, IsGated = gated, IsTied = !gated, Farthest = 128 };
        using Backbone opened = BackboneRegistry.Open("t5", Write(config));
        Assert.Equal(config, ((T5Model)opened).Config);
        Assert.Equal(40, opened.Vocabulary);
        Assert.Equal(["encoder", "decoder"], opened.Streams.Names);
    }

    /// <summary>Hugging Face's files have the table of words under three names, or not under the first one, and older ones a table that nothing reads.</summary>
    [Fact]
    public void CopiesOfTheWordsAndOldTablesAreIgnored()
    {
        Tensor words = torch.randn(40, 32);
        string path = Write(
            T5ModelTests.Small,
            name => name == "shared.weight" ? null : name,
            ("encoder.embed_tokens.weight", words), ("decoder.embed_tokens.weight", words), ("lm_head.weight", words),
            ("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight", torch.zeros(8, 4)));
        using Backbone opened = BackboneRegistry.Open("t5", path);
        Assert.Equal(words.ToBytes(), opened.Store.Parameters["shared.weight"].ToBytes());
    }

    [Fact]
    public void WhatTheConfigurationSaysIsTaken()
    {
        string path = Write(T5ModelTests.Small);
        Configure("""{"model_type": "t5", "num_heads": 4, "d_kv": 6, "relative_attention_max_distance": 20, "layer_norm_epsilon": 1e-5, "dropout_rate": 0.2, "eos_token_id": 3, "decoder_start_token_id": 2, "tie_word_embeddings": true, "d_model": 32}""");
        using Backbone opened = BackboneRegistry.Open("t5", path);
        Assert.Equal(T5ModelTests.Small with { Farthest = 20, Epsilon = 1e-5, Dropout = 0.2, End = 3, Start = 2 }, ((T5Model)opened).Config);
    }

    [Theory]
    [InlineData("""{"model_type": "bert"}""", "model_type is bert; expected t5 or mt5.")]
    [InlineData("""{"num_heads": 8}""", "num_heads is 8; expected 4, as the weights' shapes have it.")]
    [InlineData("""{"d_kv": 64}""", "d_kv is 64; expected 6, as the weights' shapes have it.")]
    [InlineData("""{"vocab_size": 100000000000}""", "vocab_size is 100000000000; expected 40, as the weights' shapes have it.")]
    [InlineData("""{"d_model": 64}""", "d_model is 64; expected 32,")]
    [InlineData("""{"d_ff": 64}""", "d_ff is 64; expected 48,")]
    [InlineData("""{"num_layers": 12}""", "num_layers is 12; expected 2,")]
    [InlineData("""{"num_decoder_layers": 2}""", "num_decoder_layers is 2; expected 3,")]
    [InlineData("""{"relative_attention_num_buckets": 32}""", "relative_attention_num_buckets is 32; expected 8,")]
    [InlineData("""{"feed_forward_proj": "gated-gelu"}""", "feed_forward_proj is gated-gelu; expected relu, which the weights are for.")]
    [InlineData("""{"relative_attention_max_distance": 4}""", "relative_attention_max_distance is 4; expected more than 4.")]
    [InlineData("""{"layer_norm_epsilon": 0}""", "layer_norm_epsilon is 0; expected a number between 0 and 1.")]
    [InlineData("""{"dropout_rate": 1.5}""", "dropout_rate is 1.5; expected a number from 0 to 1.")]
    [InlineData("""{"eos_token_id": 40}""", "eos_token_id is 40; expected a number from 0 to 39.")]
    [InlineData("""{"decoder_start_token_id": -1}""", "decoder_start_token_id is -1; expected a number from 0 to 39.")]
    [InlineData("""{"d_kv": "six"}""", "is no configuration of a T5")]
    public void AConfigurationOfAnotherNetworkIsRefused(string json, string message)
    {
        string path = Write(T5ModelTests.Small);
        Configure(json);
        Assert.Contains(message, Assert.Throws<UserException>(() => BackboneRegistry.Open("t5", path)).Message);
    }

    [Fact]
    public void HeadsThatDoNotDivideAreRefused()
    {
        const string Table = "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
        string path = Write(T5ModelTests.Small, name => name == Table ? null : name, (Table, torch.zeros(8, 5)));
        Assert.Equal(
            "This t5 has queries of 24 channels and scores of positions for 5 heads, which do not divide those.",
            Assert.Throws<UserException>(() => BackboneRegistry.Open("t5", path)).Message);
    }

    private string Write(T5Config config, Func<string, string?>? rename = null, params (string, Tensor)[] more) =>
        Checkpoints.Write(_folder, weights => _ = new T5Model(weights, config), rename, more);

    private void Configure(string json) => File.WriteAllText(_folder.File("config.json"), json);
}
