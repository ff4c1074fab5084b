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
