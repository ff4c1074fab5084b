using UniPT.Backbones.Bert;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.ClipVil;

/// <summary>
/// Post-norm Transformer layers over a text's tokens and, behind them, the cells of a picture, under the names of LXMERT's code in VisualBERT's form
/// (Tan and Bansal, arXiv 1908.07490; Li et al., arXiv 1908.03557). Texts may be padded, cells never are.
/// </summary>
internal sealed class JointEncoder
{
    private readonly BertConfig _config;
    private readonly Linear _cells;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;
    private readonly PostNormBlock[] _layers;

    /// <param name="weights">Where <c>visn_fc</c> and <c>layer</c> stand.</param>
    /// <param name="config">Sizes of the layers.</param>
    /// <param name="channels">Channels of the picture's cells.</param>
    internal JointEncoder(Weights weights, BertConfig config, int channels)
    {
        _config = config;
        Weights visual = weights / "visn_fc";
        _cells = new Linear(visual / "visn_fc", channels, config.Width);
        _norm = BertLayers.Norm(visual / "visn_layer_norm", config);
        _dropout = new Dropout(visual, config.Dropout);

        // Boxes of detected regions, which cells have not.
        visual.Ignore("box_fc.");
        visual.Ignore("box_layer_norm.");
        Weights layers = weights / "layer";
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => BertLayers.Block(layers / i, config))];
        Names = ["embedding", .. Enumerable.Range(1, config.Layers).Select(i => $"layer {i}")];
        Points = [.. _layers.Select((layer, i) => layer.Points(Names[i + 1], layers / i))];
    }

    /// <summary>Of the hidden states.</summary>
    internal string[] Names { get; }

    /// <summary>Where methods may reach inside.</summary>
    internal IReadOnlyList<BackboneBlock> Points { get; }

    /// <summary>The mask of text and cells, <c>[B, N + cells]</c>, from that of the text; null where all count.</summary>
    internal static Tensor? Mask(Tensor? text, long cells) => text is null ? null : nn.functional.pad(text, [0, cells], value: 1);

    /// <summary>What goes into the first layer, <c>[B, N + cells, D]</c>, of embedded words <c>[B, N, D]</c> and of cells <c>[B, cells, C]</c>.</summary>
    internal Tensor Joined(Tensor words, Tensor cells)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.cat([words, _dropout.forward(_norm.forward(_cells.forward(cells)))], 1));
    }

    /// <summary>What goes into the first of some layers and what comes out of each.</summary>
    internal List<Tensor> Forward(Tensor state, Tensor? mask, Range layers)
    {
        Tensor? keys = AttentionMask.Keys(mask, _config.Heads, state.dtype);
        var states = new List<Tensor> { state };
        foreach (PostNormBlock layer in _layers[layers])
        {
            states.Add(layer.Forward(states[^1], keys));
        }

        return states;
    }
}
