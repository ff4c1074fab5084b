using UniPT.Torch;

namespace UniPT.Tuning.Sherl;

/// <summary>What is made of the early hidden states of one stream: <c>z = W·relu(y) + tanh(γ/0.1)·x</c>, where y is merged of them and x is the last one, which is always among them.</summary>
internal sealed class SherlBlock
{
    private const double Temperature = 0.1;
    private readonly int[] _taps;
    private readonly Module[] _projections;
    private readonly RedundancyMerging _merging;
    private readonly Linear _up;
    private readonly Tensor _lastGate;

    /// <summary>Takes <c>projections.k</c>, <c>relevance</c>, <c>up</c> and <c>last_gate [1]</c>.</summary>
    /// <param name="weights">Where they stand.</param>
    /// <param name="widths">Channels of the hidden states.</param>
    /// <param name="options">What was chosen.</param>
    public SherlBlock(Weights weights, IReadOnlyList<int> widths, SherlOptions options)
    {
        _taps = Taps(widths, options);
        int width = widths[^1] / options.Reduction;
        _projections =
        [
            .. _taps.Select<int, Module>((tap, k) => options.Projection == SherlProjection.Tiered
                ? new TieredAdapter(weights / "projections" / k, widths[tap], width)
                : new NormedLinear(weights / "projections" / k, widths[tap], width)),
        ];
        _merging = new RedundancyMerging(weights, width);
        _up = new Linear(weights / "up", width, widths[^1]);
        _lastGate = weights.Parameter("last_gate", Initializers.Zeros, 1);
    }

    /// <summary>Indices of the hidden states that are merged, the guide last.</summary>
    public static int[] Taps(IReadOnlyList<int> widths, SherlOptions options) => [.. Enumerable.Range(0, widths.Count).Except(options.Dropped)];

    /// <summary>z, <c>[B, N, D]</c> for tokens, as the guide is laid out.</summary>
    /// <param name="states">All hidden states.</param>
    public Tensor Forward(IReadOnlyList<Tensor> states)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor guide = states[^1];
        Tensor[] narrow = [.. _taps.Select((tap, k) => _projections[k].forward(Tokens(states[tap], guide)))];
        Tensor merged = _merging.Forward(narrow[..^1], narrow[^1]);
        merged.relu_();
        Tensor given = _up.forward(merged).Add(HiddenTokens.Of(guide) * (_lastGate / Scalars.Of(Temperature)).tanh());
        return scope.MoveToOuter(Laid(given, guide));
    }

    /// <summary>Tokens as they are; of maps, the maxima and means of as many cells as the guide has.</summary>
    private static Tensor Tokens(Tensor state, Tensor guide) => HiddenTokens.Of(state.ndim == 4 ? Pooled(state, state.size(2) / guide.size(2)) : state);

    private static Tensor Pooled(Tensor map, long size) => nn.functional.max_pool2d(map, size, size).Add(nn.functional.avg_pool2d(map, (size, size)));

    /// <summary>Tokens as the hidden state they stand for was laid out.</summary>
    private static Tensor Laid(Tensor tokens, Tensor like) => like.ndim == 4
        ? tokens.view(like.size(0), like.size(2), like.size(3), -1).permute(0, 3, 1, 2)
        : tokens;
}
