using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Mdetr;

/// <summary>The shared layers under the names of PyTorch's Transformer.</summary>
internal static class MdetrLayers
{
    /// <summary>A layer norm.</summary>
    internal static LayerNorm Norm(Weights place, MdetrConfig config) => new(place, config.Width);

    /// <summary>Self-attention and feed-forward network.</summary>
    /// <param name="place">Where <c>self_attn</c>, <c>linear1</c>, <c>linear2</c> and the norms stand.</param>
    /// <param name="config">The sizes.</param>
    /// <param name="lastNorm">The name of the norm behind the feed-forward network.</param>
    internal static PostNormBlock Block(Weights place, MdetrConfig config, string lastNorm) => new(
        Attention(place / "self_attn", config),
        Norm(place / "norm1", config),
        new FeedForward(
            new Linear(place / "linear1", config.Width, config.FeedForward), new Linear(place / "linear2", config.FeedForward, config.Width), Activation.Relu)
        {
            Dropout = new Dropout(place, config.Dropout),
        },
        Norm(place / lastNorm, config),
        new Dropout(place, config.Dropout));

    /// <summary>An attention under the names of <c>torch.nn.MultiheadAttention</c>.</summary>
    internal static MultiHeadAttention Attention(Weights place, MdetrConfig config) => new(
        new Linear(place.StartingWith("in_proj_"), config.Width, 3 * config.Width), config.Width, new Linear(place / "out_proj", config.Width, config.Width), config.Heads)
    {
        Dropout = new Dropout(place, config.Dropout),
    };
}

/// <summary>
/// A layer of the decoder: the queries attend to each other and to the encoder's output, then comes the feed-forward network; each part is followed by
/// its residual and a layer norm. Positions are added to what queries and keys are made of.
/// </summary>
internal sealed class MdetrDecoderLayer
{
    private readonly PostNormBlock _block;
    private readonly MultiHeadAttention _cross;
    private readonly LayerNorm _crossNorm;

    /// <summary>Takes <c>self_attn</c>, <c>cross_attn_image</c>, <c>linear1</c>, <c>linear2</c>, <c>norm1</c>, <c>norm3</c> and <c>norm4</c>; there is no <c>norm2</c>.</summary>
    internal MdetrDecoderLayer(Weights place, MdetrConfig config)
    {
        _block = MdetrLayers.Block(place, config, "norm4");
        _cross = MdetrLayers.Attention(place / "cross_attn_image", config);
        _crossNorm = MdetrLayers.Norm(place / "norm3", config);
    }

    /// <summary>Where methods may reach inside.</summary>
    internal BackboneBlock Points(string name, Weights place)
    {
        BackboneBlock own = _block.Points(name, place);
        return own with
        {
            Linears = new Dictionary<LinearRole, LinearMap>(own.Linears)
            {
                [LinearRole.CrossQuery] = _cross.Query,
                [LinearRole.CrossKey] = _cross.Key,
                [LinearRole.CrossValue] = _cross.Value,
                [LinearRole.CrossOutput] = _cross.Output,
            },
        };
    }

    /// <summary><c>[B, Q, D] → [B, Q, D]</c>.</summary>
    /// <param name="tokens">What the layer before gave.</param>
    /// <param name="queries">The learned queries <c>[1, Q, D]</c>, which stand for positions.</param>
    /// <param name="memory">The encoder's output.</param>
    internal Tensor Forward(Tensor tokens, Tensor queries, MdetrMemory memory)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor attended = _block.Attend(tokens, null, queries);
        Tensor crossed = _block.Joined(_cross.Forward(attended.Add(queries), memory.Keys, memory.Values, memory.Mask), attended, _crossNorm);
        return scope.MoveToOuter(_block.Transform(crossed));
    }
}

/// <summary>The encoder's output as the decoder's layers read it.</summary>
/// <param name="Values">The tokens <c>[B, S, D]</c>.</param>
/// <param name="Keys">The same with their positions.</param>
/// <param name="Mask">Added to the scores, as <see cref="AttentionMask.Keys"/> gives it; null where all count.</param>
internal sealed record MdetrMemory(Tensor Values, Tensor Keys, Tensor? Mask);
