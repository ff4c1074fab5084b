using System.Text.Json;
using UniPT.Backbones.Bert;
using UniPT.Backbones.ClipVil;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>
/// Clip-ViL's frozen joint layers in the recordings of networks beside them: over embedded words and the features of a picture's cells.
/// </summary>
internal sealed class ClipVilRecording
{
    private readonly GoldenFile _file;
    private readonly JointEncoder _encoder;

    public ClipVilRecording(GoldenFile file, Weights weights)
    {
        _file = file;
        BertConfig sizes = Sizes(file.Config);
        _encoder = new JointEncoder(weights, sizes, file.Config.Number("visual_feat_dim"));

        // What the reference adds to the scores, [B, 1, 1, L].
        Tensor words = file.Input("lang_attention_mask").eq(Scalars.Of(0)).to(ScalarType.Float32).flatten(1);
        Valid = JointEncoder.Mask(words, file.Input("visn_feats").size(1))!;
        Scores = AttentionMask.Keys(Valid, sizes.Heads)!;
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
    public static string? Name(string name) => name.Contains("visn_fc.box_", StringComparison.Ordinal) ? null : name;

    /// <summary>Whether a weight is the frozen encoder's.</summary>
    public static bool Has(string name) => name.StartsWith("visn_fc.", StringComparison.Ordinal) || name.StartsWith("layer.", StringComparison.Ordinal);

    /// <summary>What goes into the first layer and what comes out of each.</summary>
    public IReadOnlyList<Tensor> Hidden()
    {
        using IDisposable unrecorded = torch.no_grad();
        return _encoder.Forward(_encoder.Joined(_file.Input("lang_feats"), _file.Input("visn_feats")), Valid, ..);
    }
}
