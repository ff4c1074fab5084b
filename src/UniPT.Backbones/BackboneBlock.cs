using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>One block of a backbone, as methods see it that reach inside.</summary>
/// <param name="Name">For messages, such as <c>layer 1</c>.</param>
/// <param name="Weights">The place of all its weights.</param>
/// <param name="Linears">The maps that may be extended, by what they do.</param>
/// <param name="Attention">Takes a prefix; null for a convolutional block.</param>
public sealed record BackboneBlock(
    string Name, Weights Weights, IReadOnlyDictionary<LinearRole, LinearMap> Linears, MultiHeadAttention? Attention = null)
{
    /// <summary>A Transformer layer.</summary>
    internal static BackboneBlock Of(string name, Weights weights, MultiHeadAttention attention, FeedForward feedForward)
    {
        var linears = new Dictionary<LinearRole, LinearMap>
        {
            [LinearRole.Query] = attention.Query,
            [LinearRole.Key] = attention.Key,
            [LinearRole.Value] = attention.Value,
            [LinearRole.Output] = attention.Output,
            [LinearRole.Up] = feedForward.Up,
            [LinearRole.Down] = feedForward.Down,
        };
        return new BackboneBlock(name, weights, linears, attention);
    }
}
