using UniPT.Backbones.Tokenizers;
using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>A kind of backbone that recipes can name.</summary>
/// <param name="Name">Unique, such as <c>mobilenet_v2</c>.</param>
/// <param name="Streams">What it gives, such as <see cref="BackboneStream.Image"/>.</param>
/// <param name="Build">Builds it from its checkpoint.</param>
/// <param name="OpenTokenizer">Opens its tokenizer from a vocabulary, a file or a folder; null for one that reads no text.</param>
public sealed record BackboneArchitecture(
    string Name, IReadOnlyList<string> Streams, Func<Weights, Backbone> Build, Func<string, Tokenizer>? OpenTokenizer = null);
