using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Heads;

/// <summary>
/// Generalised pooling (Chen et al., "Learning the Best Pooling Strategy for Visual Semantic Embedding", CVPR 2021):
/// every channel is sorted over the valid tokens, and a bidirectional GRU over position codes gives each rank its weight.
/// </summary>
public sealed class Gpo : TokenPooling
{
    private const double Temperature = 0.1;
    private const double Excluded = -10000;
    private readonly int _codes;
    private readonly Gru _forward;
    private readonly Gru _backward;
    private readonly Linear _score;

    /// <summary>Takes the GRU's parameters at <c>gru</c> and <c>linear.weight [1, hidden]</c>.</summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="codes">Width of the position codes, even.</param>
    /// <param name="hidden">Width of the GRU.</param>
    public Gpo(Weights weights, int codes = 32, int hidden = 32)
    {
        _codes = codes;
        _forward = new Gru(weights / "gru", "_l0", codes, hidden);
        _backward = new Gru(weights / "gru", "_l0_reverse", codes, hidden);
        _score = new Linear(weights / "linear", hidden, 1, bias: false);
    }

    /// <summary>The weight of every rank, <c>[B, longest]</c>; it depends on the length alone.</summary>
    public Tensor RankWeights(IReadOnlyList<int> lengths, string device = "cpu")
    {
        using TensorScope scope = TensorScope.Begin();
        int[] distinct = [.. lengths.Distinct()];
        int longest = Math.Max(distinct.Max(), 1);
        Tensor codes = PositionCodes.Of(longest, _codes).To(device);

        // The forward direction sees the same codes whatever the length; the backward one starts at the last valid code.
        Tensor reversal = Reversal(distinct, longest).To(device);
        Tensor reversed = codes.IndexSelect(0, reversal.Flatten()).View(distinct.Length, longest, _codes);
        Tensor backward = _backward.Forward(reversed);
        backward = backward.Gather(1, reversal.Unsqueeze(-1).Expand(backward.Shape));
        Tensor scores = _score.Forward((_forward.Forward(codes.Unsqueeze(0)) + backward) / 2).Squeeze(-1);
        Tensor padding = TokenMask.From(distinct, longest, device).Eq(0);
        Tensor weights = (scores.MaskedFill(padding, Excluded) / Temperature).Softmax(1);
        long[] rows = [.. lengths.Select(length => (long)Array.IndexOf(distinct, length))];
        return scope.HandOut(weights.IndexSelect(0, Tensor.From(rows, rows.Length).To(device)));
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor tokens, IReadOnlyList<int>? lengths)
    {
        lengths ??= [.. Enumerable.Repeat((int)tokens.Size(1), (int)tokens.Size(0))];
        Tensor weights = RankWeights(lengths, tokens.Device);
        return weights.Unsqueeze(1).Bmm(Sorted(tokens.Narrow(1, 0, weights.Size(1)), lengths)).Squeeze(1);
    }

    /// <summary>Every channel in falling order over its valid tokens, then zeros.</summary>
    private static Tensor Sorted(Tensor tokens, IReadOnlyList<int> lengths)
    {
        if (lengths.All(length => length == tokens.Size(1)))
        {
            return tokens.Sort(1, descending: true)[0];
        }

        Tensor padding = TokenMask.From(lengths, tokens.Size(1), tokens.Device).Eq(0).Unsqueeze(-1);
        return tokens.MaskedFill(padding, Excluded).Sort(1, descending: true)[0].MaskedFill(padding, 0);
    }

    /// <summary>Position k of a length is its position length − 1 − k backwards; beyond the length 0.</summary>
    private static Tensor Reversal(int[] lengths, int longest) => Tensor.From(
        [.. from length in lengths from k in Enumerable.Range(0, longest) select (long)Math.Max(length - 1 - k, 0)],
        lengths.Length,
        longest);
}
