using System.Text.Json;

namespace UniPT.Parity.Tests.Cases.T5;

/// <summary>The sizes of a stack's blocks.</summary>
internal sealed record T5Sizes(int Width, int Head, int FeedForward, int Heads, int Buckets)
{
    public int Inner => Heads * Head;

    /// <summary>Those of a recording's backbone.</summary>
    public static T5Sizes Of(JsonElement config)
    {
        int Number(string name) => config.GetProperty(name).GetInt32();
        return new T5Sizes(Number("d_model"), Number("d_kv"), Number("d_ff"), Number("num_heads"), Number("relative_attention_num_buckets"));
    }

    /// <summary>Those of its side network; the heads stay as many.</summary>
    public T5Sizes Reduced(int factor) => this with { Width = Width / factor, Head = Head / factor, FeedForward = FeedForward / factor };
}
