using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT.Merging;
using UniPT.Tuning.UniPT.Projections;

namespace UniPT.Tuning.UniPT.EncoderDecoder;

/// <summary>
/// The parallel network beside the encoder of an encoder–decoder, as published for MDETR: what it gives stays at its own
/// width, as the memory that <see cref="SideDecoder"/> reads.
/// </summary>
internal sealed class SideEncoder
{
    private readonly UniPTOptions _options;
    private readonly LayerMerging _merging;

    /// <summary>Takes <c>downsample_layers</c>, the anchor's last, <c>gate_layer</c> and <c>projection_layer</c>.</summary>
    public SideEncoder(Weights weights, IReadOnlyList<int> widths, int width, UniPTOptions options)
    {
        _options = options with { Causal = false };
        LayerProjection[] layers = [.. widths.Select((channels, i) =>
            new LayerProjection(weights / "downsample_layers" / i, HiddenLayout.Tokens, channels, width, options))];
        _merging = new LayerMerging(weights, HiddenLayout.Tokens, layers[^1], layers[..^1], width, widths[^1], options);
    }

    /// <summary>The side memory <c>[B, N, m]</c>.</summary>
    /// <param name="layers">The encoder's layers <c>[B, N, C]</c>, the anchor last.</param>
    /// <param name="valid">1 for valid and 0 for padding tokens <c>[B, N]</c>; null where all are valid.</param>
    public Tensor Forward(IReadOnlyList<Tensor> layers, Tensor? valid)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(_merging.Forward([.. layers.SkipLast(1)], layers[^1], TokenMasks.Of(_options, layers[0], valid)).Features);
    }
}
