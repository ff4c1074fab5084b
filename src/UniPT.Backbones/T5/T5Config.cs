using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.T5;

/// <summary>Sizes of a T5; without changes those of <c>t5-base</c>.</summary>
public sealed record T5Config
{
    /// <summary>Sizes of <c>t5-small</c>.</summary>
    public static T5Config Small { get; } = new() { Width = 512, FeedForward = 2048, Layers = 6, DecoderLayers = 6, Heads = 8 };

    /// <summary>Sizes of <c>t5-base</c>.</summary>
    public static T5Config Base { get; } = new();

    /// <summary>Sizes of <c>t5-large</c>.</summary>
    public static T5Config Large { get; } = new() { Width = 1024, FeedForward = 4096, Layers = 24, DecoderLayers = 24, Heads = 16 };

    /// <summary>Sizes of <c>t5-3b</c>, whose attentions are four times as wide as its tokens.</summary>
    public static T5Config ThreeB { get; } = Large with { FeedForward = 16384, Heads = 32, HeadWidth = 128 };

    /// <summary>Sizes of <c>google/t5-v1_1-small</c> and <c>google/flan-t5-small</c>.</summary>
    public static T5Config SmallV11 { get; } = Small.Gated(1024) with { Layers = 8, DecoderLayers = 8, Heads = 6 };

    /// <summary>Sizes of <c>google/t5-v1_1-base</c> and <c>google/flan-t5-base</c>.</summary>
    public static T5Config BaseV11 { get; } = Base.Gated(2048);

    /// <summary>Sizes of <c>google/t5-v1_1-large</c> and <c>google/flan-t5-large</c>.</summary>
    public static T5Config LargeV11 { get; } = Large.Gated(2816);

    /// <summary>Sizes of <c>google/t5-v1_1-xl</c> and <c>google/flan-t5-xl</c>.</summary>
    public static T5Config XlV11 { get; } = Large.Gated(5120) with { Width = 2048, Heads = 32 };

    /// <summary>Token ids that there are vectors for; the published tables have 28 rows more than the tokenizer has tokens.</summary>
    public int Vocabulary { get; init; } = 32128;

    /// <summary>Width of every hidden state, <c>d_model</c>.</summary>
    public int Width { get; init; } = 768;

    /// <summary>Channels of a head, <c>d_kv</c>; all heads together may be wider or narrower than the tokens.</summary>
    public int HeadWidth { get; init; } = 64;

    /// <summary>Width between the maps of a feed-forward network, <c>d_ff</c>.</summary>
    public int FeedForward { get; init; } = 3072;

    /// <summary>Blocks of the encoder.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Blocks of the decoder.</summary>
    public int DecoderLayers { get; init; } = 12;

    /// <summary>Heads of every attention.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Rows of the tables of relative positions.</summary>
    public int Buckets { get; init; } = 32;

    /// <summary>The distance from which on all keys are in the last bucket.</summary>
    public int Farthest { get; init; } = 128;

    /// <summary>ε of the norms.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Share of features and attention weights that are left out at random while the network trains.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Whether the feed-forward networks are gated and their activation is GELU, as from version 1.1 on; else it is ReLU.</summary>
    public bool IsGated { get; init; }

    /// <summary>Whether the token vectors, scaled by 1/√width, are the output map too; else it has weights of its own.</summary>
    public bool IsTied { get; init; } = true;

    /// <summary>The id before the first one of every output; the padding token's, in all published networks.</summary>
    public int Start { get; init; }

    /// <summary>The id that ends every text.</summary>
    public int End { get; init; } = 1;

    /// <summary>Channels of all heads of an attention.</summary>
    public int AttentionWidth => Heads * HeadWidth;

    /// <summary>
    /// The sizes that a checkpoint's shapes tell. The rest is what Hugging Face's <c>config.json</c> beside it says; without one it is the
    /// published networks'.
    /// </summary>
    /// <param name="weights">Where <c>encoder</c> and <c>decoder</c> stand.</param>
    /// <exception cref="UserException">The checkpoint is another network's, or the configuration is.</exception>
    internal static T5Config Of(Weights weights)
    {
        string words = weights.Contains("shared.weight") ? "shared.weight" : "encoder.embed_tokens.weight";
        Weights first = weights / "encoder" / "block" / 0 / "layer";
        bool gated = (first / 1 / "DenseReluDense").Contains("wi_0.weight");
        long[] table = weights.Shape(words, 2);
        long[] positions = first.Shape("0.SelfAttention.relative_attention_bias.weight", 2);
        long attention = first.Shape("0.SelfAttention.q.weight", 2)[0];
        if (positions[1] < 1 || attention % positions[1] != 0)
        {
            throw new UserException($"This t5 has queries of {attention} channels and scores of positions for {positions[1]} heads, which do not divide those.");
        }

        var sizes = new T5Config
        {
            Vocabulary = (int)table[0],
            Width = (int)table[1],
            Heads = (int)positions[1],
            HeadWidth = (int)(attention / positions[1]),
            Buckets = (int)positions[0],
            FeedForward = (int)(first / 1 / "DenseReluDense").Shape(gated ? "wi_0.weight" : "wi.weight", 2)[0],
            Layers = (weights / "encoder" / "block").CountWith("layer.0.SelfAttention.q.weight"),
            DecoderLayers = (weights / "decoder" / "block").CountWith("layer.0.SelfAttention.q.weight"),
            IsGated = gated,
            IsTied = !gated,
        };
        return T5ConfigFile.Beside(weights.Store.Path) is { } file ? T5ConfigFile.Apply(file, sizes) : sizes;
    }

    /// <summary>The sizes of a stack's blocks.</summary>
    internal T5BlockShape Block(bool decodes) => new(
        Width, AttentionWidth, FeedForward, Heads, IsGated ? Activation.GeluTanh : Activation.Relu, IsGated, decodes, Epsilon, Dropout, new T5Start(this));

    private T5Config Gated(int feedForward) => this with { FeedForward = feedForward, IsGated = true, IsTied = false };
}

/// <summary>How the weights of new blocks are drawn, which depends on the sizes (Hugging Face's T5 with its factor 1).</summary>
internal sealed record T5Start(Initializer Query, Initializer Key, Initializer Output, Initializer Up, Initializer Down)
{
    /// <summary>Of a network of these sizes.</summary>
    public T5Start(T5Config sizes) : this(
        Over(sizes.Width * sizes.HeadWidth), Over(sizes.Width), Over(sizes.AttentionWidth), Over(sizes.Width), Over(sizes.FeedForward))
    {
    }

    private static Initializer Over(int variance) => Initializers.Normal(1 / Math.Sqrt(variance));
}
