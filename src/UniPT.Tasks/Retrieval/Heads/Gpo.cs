using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Tasks.Retrieval.Heads;

/// <summary>
/// Generalised pooling (Chen et al., "Learning the Best Pooling Strategy for Visual Semantic Embedding", CVPR 2021):
/// every channel is sorted over the valid tokens, and a bidirectional GRU over position codes gives each rank its weight.
/// </summary>
public sealed class Gpo : TokenPooling
{
    private const double Excluded = -10000;
    private readonly int _codes;
    private readonly double _temperature;
    private readonly Recurrence _forward;
    private readonly Recurrence _backward;
    private readonly Linear _score;

    /// <summary>Takes the GRU's parameters at <c>gru</c> and <c>linear.weight [1, hidden]</c>.</summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="codes">Width of the position codes, even.</param>
    /// <param name="hidden">Width of the GRU.</param>
    /// <param name="temperature">What the ranks' scores are divided by before the softmax.</param>
    public Gpo(Weights weights, int codes = 32, int hidden = 32, double temperature = 0.1)
    {
        (_codes, _temperature) = (codes, temperature);
        _forward = new Recurrence(weights / "gru", RecurrentCell.Gru, 0, reverse: false, codes, hidden);
        _backward = new Recurrence(weights / "gru", RecurrentCell.Gru, 0, reverse: true, codes, hidden);
        _score = new Linear(weights / "linear", hidden, 1, bias: false);
    }

    /// <summary>The weight of every rank, <c>[B, longest]</c>; it depends on the length alone.</summary>
    public Tensor RankWeights(IReadOnlyList<int> lengths, Device? device = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int[] distinct = [.. lengths.Distinct()];
        int longest = Math.Max(distinct.Max(), 1);

        // The way forward sees the same codes whatever the length; the way back starts at the last valid one.
        Tensor codes = PositionCodes.Of(longest, _codes).to(device ?? CPU).unsqueeze(0);
        Tensor mask = TokenMask.From(distinct, longest, device);
        Tensor backward = _backward.Forward(codes.expand(distinct.Length, longest, _codes), mask);
        Tensor scores = _score.forward(_forward.forward(codes).Add(backward) / Scalars.Of(2)).squeeze(-1);
        Tensor padding = mask.eq(Scalars.Of(0));
        Tensor weights = (scores.masked_fill(padding, Scalars.Of(Excluded)) / Scalars.Of(_temperature)).softmax(1);
        long[] rows = [.. lengths.Select(length => (long)Array.IndexOf(distinct, length))];
        return scope.MoveToOuter(weights.index_select(0, TensorData.From(rows, rows.Length).to(device ?? CPU)));
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor tokens, IReadOnlyList<int>? lengths)
    {
        lengths ??= [.. Enumerable.Repeat((int)tokens.size(1), (int)tokens.size(0))];
        Tensor weights = RankWeights(lengths, tokens.device);
        return weights.unsqueeze(1).bmm(Sorted(tokens.narrow(1, 0, weights.size(1)), lengths)).squeeze(1);
    }

    /// <summary>Every channel in falling order over its valid tokens, then zeros.</summary>
    private static Tensor Sorted(Tensor tokens, IReadOnlyList<int> lengths)
    {
        if (lengths.All(length => length == tokens.size(1)))
        {
            return tokens.sort(1, descending: true).Values;
        }

        Tensor padding = TokenMask.From(lengths, tokens.size(1), tokens.device).eq(Scalars.Of(0)).unsqueeze(-1);
        return tokens.masked_fill(padding, Scalars.Of(Excluded)).sort(1, descending: true).Values.masked_fill(padding, Scalars.Of(0));
    }
}
