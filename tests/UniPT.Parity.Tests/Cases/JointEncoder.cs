using System.Text.Json;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>
/// The frozen BERT layers of CLIP-ViL over a text's tokens and, behind them, the cells of a picture; texts may be padded, the cells
/// never are.
/// </summary>
internal sealed class JointEncoder
{
    private readonly GoldenFile _file;
    private readonly PostNormBlock[] _layers;
    private readonly Linear _cells;
    private readonly LayerNorm _norm;

    public JointEncoder(GoldenFile file, Weights weights)
    {
        _file = file;
        BertConfig sizes = Sizes(file.Config);
        _cells = new Linear(weights / "visn_fc" / "visn_fc", file.Config.Number("visual_feat_dim"), sizes.Width);
        _norm = new LayerNorm(weights / "visn_fc" / "visn_layer_norm", sizes.Width, sizes.Epsilon);
        _layers = [.. Enumerable.Range(0, sizes.Layers).Select(i => BertLayers.Block(weights / "layer" / i, sizes))];

        // What is added to the scores comes with the language's tokens, [B, 1, 1, L].
        Tensor scores = nn.functional.pad(file.Input("lang_attention_mask"), [0, file.Input("visn_feats").size(1)]);
        Valid = scores.eq(Scalars.Of(0)).to(ScalarType.Float32).flatten(1);
        Scores = scores.squeeze(1).repeat_interleave(sizes.Heads, 0);
    }

    /// <summary>1 for tokens that count, <c>[B, N]</c>.</summary>
    public Tensor Valid { get; }

    /// <summary>Added to the scores of all attentions, <c>[B·heads, 1, N]</c>.</summary>
    public Tensor Scores { get; }

    /// <summary>The sizes of the layers.</summary>
    public static BertConfig Sizes(JsonElement config) => new()
    {
        Width = config.Number("hidden_size"),
        Layers = config.Number("layers"),
        Heads = config.Number("heads"),
        FeedForward = config.Number("intermediate_size"),
        Epsilon = config.Real("bert_layernorm_eps"),
    };

    /// <summary>The name that a weight of the encoder has here; null for those of boxes, which grids of cells have not.</summary>
    public static string? Name(string name) => name.StartsWith("visn_fc.box_", StringComparison.Ordinal) ? null : name;

    /// <summary>Whether a weight is the frozen encoder's.</summary>
    public static bool Has(string name) => name.StartsWith("visn_fc.", StringComparison.Ordinal) || name.StartsWith("layer.", StringComparison.Ordinal);

    /// <summary>What goes into the first layer and what comes out of each.</summary>
    public IReadOnlyList<Tensor> Hidden()
    {
        using IDisposable unrecorded = torch.no_grad();
        List<Tensor> hidden = [torch.cat([_file.Input("lang_feats"), _norm.forward(_cells.forward(_file.Input("visn_feats")))], 1)];
        foreach (PostNormBlock layer in _layers)
        {
            hidden.Add(layer.Forward(hidden[^1], Scores));
        }

        return hidden;
    }
}
