using System.Text.Json;

namespace UniPT.Parity.Tests.Cases.T5;

/// <summary>The sizes of a stack's blocks.</summary>
internal sealed record T5Sizes(int Width, int Head, int FeedForward, int Heads, int Buckets, int Farthest, double Epsilon)
{
    public int Inner => Heads * Head;

    /// <summary>Those of a recording's backbone.</summary>
    public static T5Sizes Of(JsonElement config) => config.Text("feed_forward_proj", "relu") is not "relu" and { } other
        ? throw new ParityException($"a T5 whose feed-forward network is {other} is not known")
        : new T5Sizes(
            config.Number("d_model"), config.Number("d_kv"), config.Number("d_ff"), config.Number("num_heads"), config.Number("relative_attention_num_buckets"),
            config.Number("relative_attention_max_distance", 128), config.Real("layer_norm_epsilon"));

    /// <summary>Those of its side network; the heads stay as many.</summary>
    public T5Sizes Reduced(int factor) => this with { Width = Width / factor, Head = Head / factor, FeedForward = FeedForward / factor };
}
