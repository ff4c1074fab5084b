using UniPT.Backbones.Bert;
using UniPT.Backbones.Clip;
using UniPT.Torch;

namespace UniPT.Backbones.ClipVil;

/// <summary>Sizes of Clip-ViL's network of pictures and questions; without changes those of <c>CLIP_VL_RN50x4</c>.</summary>
public sealed record ClipVilConfig
{
    /// <summary>The image tower, of which the attention pooling is not there.</summary>
    public ClipResNetConfig Image { get; init; } = ClipResNetConfig.Rn50x4;

    /// <summary>Embeddings of words, joint layers and pooler.</summary>
    public BertConfig Joint { get; init; } = new();

    /// <summary>Rows of the picture's two tables of positions: cells that a map may have in a column and in a row.</summary>
    public int GridPositions { get; init; } = 25;

    /// <summary>The sizes that a checkpoint's shapes tell; the place is that of <c>embeddings</c>.</summary>
    /// <exception cref="UserException">The checkpoint is another network's.</exception>
    internal static ClipVilConfig Of(Weights weights) => new()
    {
        Image = ClipResNetConfig.Of(weights / "encoder" / "visual_model" / "visual", pooled: false) with { BatchStatistics = weights.Store.FollowsTraining },
        Joint = BertConfig.Of(BertFamily.Bert, weights),
        GridPositions = (int)(weights / "encoder" / "visual_pos").Shape("x_position_embedding.weight", 2)[0],
    };
}
