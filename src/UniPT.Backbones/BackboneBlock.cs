using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>One block of a backbone, as methods see it that reach inside.</summary>
/// <param name="Name">For messages, such as <c>layer 1</c>.</param>
/// <param name="Weights">The place of all its weights.</param>
/// <param name="Linears">The maps that may be extended, by what they do.</param>
/// <param name="Layer">The Transformer layer that it is; null for a convolutional block.</param>
public sealed record BackboneBlock(
    string Name, Weights Weights, IReadOnlyDictionary<LinearRole, LinearMap> Linears, TransformerBlock? Layer = null);

/// <summary>What a linear map does in its block.</summary>
public enum LinearRole
{
    /// <summary>Makes the queries of an attention.</summary>
    Query,

    /// <summary>Makes the keys of an attention.</summary>
    Key,

    /// <summary>Makes the values of an attention.</summary>
    Value,

    /// <summary>Projects the joined heads of an attention; the last map of that half of the block.</summary>
    Output,

    /// <summary>The first map of a feed-forward network.</summary>
    Up,

    /// <summary>The second map of a feed-forward network; the last map of that half of the block.</summary>
    Down,

    /// <summary>The first convolution of a convolutional block, as the 1×1 that widens MobileNet's maps or narrows a bottleneck's.</summary>
    Expand,

    /// <summary>The last convolution of a convolutional block.</summary>
    Project,

    /// <summary>The 3×3 convolution in the middle of a bottleneck.</summary>
    Filter,

    /// <summary>The map of a gated feed-forward network whose output multiplies that of the activation.</summary>
    Gate,

    /// <summary>Makes the queries of a decoder's attention to its memory.</summary>
    CrossQuery,

    /// <summary>Makes the keys of a decoder's attention to its memory.</summary>
    CrossKey,

    /// <summary>Makes the values of a decoder's attention to its memory.</summary>
    CrossValue,

    /// <summary>Projects the joined heads of a decoder's attention to its memory; the last map of that part of the block.</summary>
    CrossOutput,
}
