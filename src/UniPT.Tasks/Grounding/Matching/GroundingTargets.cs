using UniPT.Torch;

namespace UniPT.Tasks.Grounding.Matching;

/// <summary>The boxes that a batch of pictures should be found to have, those of the first picture first.</summary>
public sealed class GroundingTargets
{
    /// <summary>Of all pictures together.</summary>
    /// <param name="boxes">Centre, width and height as shares of the picture's, <c>[n, 4]</c>.</param>
    /// <param name="tokens">What each box is called: its row over the slots of the text's tokens, <c>[n, slots]</c> (<see cref="Spans.TokenSpans.Positive"/>).</param>
    /// <param name="aligned">1 for the tokens that each box is compared with, 0 for others, <c>[n, N]</c> (<see cref="Spans.TokenSpans.Aligned"/>).</param>
    /// <param name="counts">How many of the boxes each picture has; 0 for none.</param>
    /// <exception cref="UserException">A box has no area or is none, or the shapes do not fit each other.</exception>
    public GroundingTargets(Tensor boxes, Tensor tokens, Tensor aligned, params IReadOnlyList<int> counts)
    {
        (Boxes, Tokens, Aligned, Counts) = (boxes, tokens, aligned, counts);
        if (boxes.ndim != 2 || boxes.size(1) != 4 || tokens.ndim != 2 || aligned.ndim != 2
            || tokens.size(0) != boxes.size(0) || aligned.size(0) != boxes.size(0) || counts.Sum() != boxes.size(0))
        {
            throw new UserException(
                $"Targets are boxes [n, 4] with rows [n, slots] and [n, N], n of them in all pictures together; they were given as {Shape(boxes)}, {Shape(tokens)} and {Shape(aligned)} for {counts.Sum()}.");
        }

        float[] values = boxes.to(ScalarType.Float32).ToArray<float>();
        for (int i = 0; i < values.Length; i += 4)
        {
            float[] box = values[i..(i + 4)];
            if (!box.All(float.IsFinite) || box[2] <= 0 || box[3] <= 0)
            {
                throw new UserException(FormattableString.Invariant(
                    $"A box that is to be found needs a width and a height above 0; box {i / 4} has the centre ({box[0]}, {box[1]}) and is {box[2]} × {box[3]}."));
            }
        }
    }

    /// <summary>Centre, width and height, <c>[n, 4]</c>.</summary>
    public Tensor Boxes { get; }

    /// <summary>What each box is called, <c>[n, slots]</c>.</summary>
    public Tensor Tokens { get; }

    /// <summary>The tokens that each box is compared with, <c>[n, N]</c>.</summary>
    public Tensor Aligned { get; }

    /// <summary>How many of the boxes each picture has.</summary>
    public IReadOnlyList<int> Counts { get; }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
