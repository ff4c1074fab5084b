using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning;

namespace UniPT.Tasks.Grounding.Heads;

/// <summary>
/// What MDETR makes of a decoder's queries (Kamath et al., ICCV 2021, arXiv 2104.12763; the published checkpoint's names): which tokens of the text each
/// of them means, its box, and a vector that is compared with those of the tokens.
/// </summary>
public sealed class GroundingHeads
{
    private const double NormEpsilon = 1e-12;
    private readonly Linear _classes;
    private readonly Linear[] _boxes;
    private readonly Linear _ofQueries;
    private readonly Linear _ofTokens;

    /// <summary>
    /// Takes <c>class_embed</c>, <c>bbox_embed.layers.0</c> to <c>2</c>, <c>contrastive_align_projection_image</c> and
    /// <c>contrastive_align_projection_text</c>.
    /// </summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="width">Of the decoder's features.</param>
    /// <param name="slots">Tokens of a text that a query may mean, and the last one for none of them.</param>
    /// <param name="aligned">Width of the vectors that are compared.</param>
    public GroundingHeads(Weights weights, int width = 256, int slots = 256, int aligned = 64)
    {
        _classes = new Linear(weights / "class_embed", width, slots);
        Weights boxes = weights / "bbox_embed" / "layers";
        _boxes = [new Linear(boxes / 0, width, width), new Linear(boxes / 1, width, width), new Linear(boxes / 2, width, 4)];
        _ofQueries = new Linear(weights / "contrastive_align_projection_image", width, aligned);
        _ofTokens = new Linear(weights / "contrastive_align_projection_text", width, aligned);
    }

    /// <summary>What is predicted from the decoder's features <c>[B, Q, width]</c>.</summary>
    public GroundingPredictions Forward(Tensor features)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor box = features;
        foreach (Linear layer in _boxes[..^1])
        {
            box = layer.forward(box).relu();
        }

        return new GroundingPredictions(
            scope.MoveToOuter(_classes.forward(features)), scope.MoveToOuter(_boxes[^1].forward(box).sigmoid()), scope.MoveToOuter(Direction(_ofQueries, features)));
    }

    /// <summary>What is predicted from the last of the decoder's features, then from those of its merged layers, where the method gives these too.</summary>
    public IReadOnlyList<GroundingPredictions> Forward(TunedFeatures features) =>
        [.. features.Auxiliary.Prepend(features.Tokens).Select(tokens => Forward(tokens.to(ScalarType.Float32)))];

    /// <summary>The tokens' vectors of length 1, <c>[B, N, aligned]</c>, from what the decoder read.</summary>
    /// <param name="hidden">The decoder's, with the encoder's, in which the text's tokens stand behind the picture's cells.</param>
    /// <param name="count">How many tokens the texts have, padding included.</param>
    public Tensor Tokens(HiddenStates hidden, long count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor last = hidden.Memory!.Layers[^1];
        return scope.MoveToOuter(Tokens(last.narrow(1, last.size(1) - count, count).to(ScalarType.Float32)));
    }

    /// <summary>The tokens' vectors of length 1, <c>[B, N, width] → [B, N, aligned]</c>.</summary>
    /// <param name="text">The last of the frozen encoder's hidden states, of the text's tokens alone.</param>
    public Tensor Tokens(Tensor text)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Direction(_ofTokens, text));
    }

    private static Tensor Direction(Linear map, Tensor features) => nn.functional.normalize(map.forward(features), p: 2, dim: -1, eps: NormEpsilon);
}

/// <summary>What queries predict.</summary>
/// <param name="Logits">Of the tokens that a query means and, last, of none, <c>[B, Q, slots]</c>.</param>
/// <param name="Boxes">Centre, width and height as shares of the picture's, <c>[B, Q, 4]</c> in [0, 1].</param>
/// <param name="Queries">Vectors of length 1, <c>[B, Q, aligned]</c>.</param>
public sealed record GroundingPredictions(Tensor Logits, Tensor Boxes, Tensor Queries)
{
    /// <summary>How sure each query is to mean something, <c>[B, Q]</c> in [0, 1].</summary>
    public Tensor Scores()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Scalars.Of(1) - Logits.softmax(-1).select(-1, Logits.size(-1) - 1));
    }

    /// <summary>How sure each query is and its corners as shares of the picture, <c>[B, Q, 5]</c>: score, x₀, y₀, x₁, y₁.</summary>
    public Tensor Rows()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.cat([Scores().unsqueeze(-1), BoxOverlap.Corners(Boxes)], -1));
    }

    /// <summary>The boxes' corners x₀, y₀, x₁, y₁ in pixels, <c>[B, Q, 4]</c>.</summary>
    /// <param name="sizes">Height and width of each picture before any resizing, <c>[B, 2]</c>.</param>
    public Tensor PixelBoxes(Tensor sizes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor turned = sizes.flip(1).repeat(1, 2).unsqueeze(1);
        return scope.MoveToOuter(BoxOverlap.Corners(Boxes) * turned);
    }
}
