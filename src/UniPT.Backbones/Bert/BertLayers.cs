using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Bert;

/// <summary>The shared layers under Hugging Face's names for BERT.</summary>
internal static class BertLayers
{
    /// <summary>A layer norm, which checkpoints converted from TensorFlow name <c>gamma</c> and <c>beta</c>.</summary>
    internal static LayerNorm Norm(Weights place, BertConfig config)
    {
        place.Alias("weight", "gamma");
        place.Alias("bias", "beta");
        return new LayerNorm(place, config.Width, config.Epsilon);
    }

    /// <summary>One Transformer layer.</summary>
    internal static PostNormBlock Block(Weights place, BertConfig config)
    {
        Weights attention = place / "attention";
        Weights output = place / "output";
        Linear Square(Weights at) => new(at, config.Width, config.Width);
        return new PostNormBlock(
            new MultiHeadAttention(
                Square(attention / "self" / "query"), Square(attention / "self" / "key"), Square(attention / "self" / "value"),
                Square(attention / "output" / "dense"), config.Heads)
            {
                Dropout = new Dropout(attention / "self", config.AttentionDropout),
            },
            Norm(attention / "output" / "LayerNorm", config),
            new FeedForward(
                new Linear(place / "intermediate" / "dense", config.Width, config.FeedForward),
                new Linear(output / "dense", config.FeedForward, config.Width),
                config.Activation),
            Norm(output / "LayerNorm", config),
            new Dropout(output, config.Dropout));
    }
}
