namespace UniPT.Backbones;

/// <summary>Texts as a backbone reads them: cut to the tokens that its prompt leaves room for.</summary>
internal sealed class TokenSequence
{
    /// <exception cref="UserException">There are no ids, or they, the mask or the segments have another shape than <c>[B, N]</c>.</exception>
    public TokenSequence(string backbone, BackboneInput input, Prompt prompt)
    {
        Tensor tokens = input.Find(BackboneInput.TokensPart)
            ?? throw new UserException($"{backbone} takes token ids [B, N]; it was given {string.Join(", ", input.All.Keys)} and no {BackboneInput.TokensPart}.");
        Require(backbone, "token ids [B, N]", tokens, tokens.ndim == 2);
        long count = Math.Min(tokens.size(1), prompt.Room);
        Ids = tokens.narrow(1, 0, count);
        if (input.Mask is { } mask)
        {
            Require(backbone, "a mask with one number for every token id", mask, mask.shape.AsSpan().SequenceEqual(tokens.shape));
            Mask = mask.narrow(1, 0, count);
        }

        (Valid, Width) = (prompt.Masked(Mask), count + prompt.Count);
        if (input.Segments is { } segments)
        {
            Require(backbone, "one segment for every token id", segments, segments.shape.AsSpan().SequenceEqual(tokens.shape));
            Segments = nn.functional.pad(segments.narrow(1, 0, count), [prompt.Count, 0]);
        }
    }

    /// <summary>The ids, <c>[B, N]</c>.</summary>
    public Tensor Ids { get; }

    /// <summary>1 for ids that count, <c>[B, N]</c>; null where all do.</summary>
    public Tensor? Mask { get; }

    /// <summary>As <see cref="Mask"/>, with the prompt in front, <c>[B, P + N]</c>.</summary>
    public Tensor? Valid { get; }

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
