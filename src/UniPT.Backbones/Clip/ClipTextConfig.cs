using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>Sizes of CLIP's text Transformer; without changes those that belong to ViT-B/32.</summary>
public sealed record ClipTextConfig
{
    /// <summary>Token ids.</summary>
    public int Vocabulary { get; init; } = 49408;

    /// <summary>Tokens that are read of a text.</summary>
    public int MaxTokens { get; init; } = 77;

    /// <summary>Width of every hidden state.</summary>
    public int Width { get; init; } = 512;

    /// <summary>Transformer layers.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Heads of every attention; they divide the width.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Width of the embedding.</summary>
    public int Output { get; init; } = 512;

    /// <summary>ε of the layer norms.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>The sizes that a checkpoint's shapes tell.</summary>
    internal static ClipTextConfig Of(Weights weights)
    {
        long[] words = weights.Shape("token_embedding.weight", 2);
        return new()
        {
            Vocabulary = (int)words[0],
            MaxTokens = (int)weights.Shape("positional_embedding", 2)[0],
            Width = (int)words[1],
            Layers = (weights / "transformer" / "resblocks").CountWith("attn.in_proj_weight"),
            Heads = HeadCount.Of(words[1], "clip_text"),
            Output = (int)weights.Shape("text_projection", 2)[1],
        };
    }
}
