using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>Texts as a backbone reads them: cut to the tokens that its prompt leaves room for.</summary>
internal sealed class TokenSequence
{
    /// <exception cref="UserException">The ids, or the segments, have another shape than <c>[B, N]</c>.</exception>
    public TokenSequence(string backbone, BackboneInput input, Prompt prompt)
    {
        Require(backbone, "token ids [B, N]", input.Values, input.Values.ndim == 2);
        long count = Math.Min(input.Values.size(1), prompt.Room);
        Ids = input.Values.narrow(1, 0, count);
        Lengths = input.Lengths?.Select(length => (int)Math.Min(length, count)).ToArray();
        (Valid, Width) = (prompt.Lengths(Lengths), count + prompt.Count);
        if (input.Segments is { } segments)
        {
            Require(backbone, "one segment for every token id", segments, segments.shape.AsSpan().SequenceEqual(input.Values.shape));
            Segments = nn.functional.pad(segments.narrow(1, 0, count), [prompt.Count, 0]);
        }
    }

    /// <summary>The ids, <c>[B, N]</c>.</summary>
    public Tensor Ids { get; }

    /// <summary>Valid ones of each row; null where all are.</summary>
    public IReadOnlyList<int>? Lengths { get; }

    /// <summary>As <see cref="Lengths"/>, with the prompt counted.</summary>
    public IReadOnlyList<int>? Valid { get; }

    /// <summary>P + N, with the prompt counted.</summary>
    public long Width { get; }

    /// <summary>The segment of every position, <c>[B, P + N]</c>, the prompt in the first; null where all are.</summary>
    public Tensor? Segments { get; }

    private static void Require(string backbone, string expected, Tensor found, bool holds)
    {
        if (!holds)
        {
            throw new UserException($"{backbone} takes {expected}; it was given [{string.Join(", ", found.shape)}].");
        }
    }
}
