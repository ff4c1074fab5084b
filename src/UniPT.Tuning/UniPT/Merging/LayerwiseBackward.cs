using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>The gradients of <see cref="LayerwiseAggregation"/>, a layer at a time.</summary>
internal sealed class LayerwiseBackward
{
    private readonly IReadOnlyList<TargetLayer> _layers;
    private readonly IReadOnlyList<Tensor> _shared;
    private Tensor[] _inputs;
    private readonly bool[] _inputNeeded;
    private Tensor _anchor;
    private TokenMasks _masks;
    private Tensor _merged;
    private Tensor _confidence;

    /// <summary>Remembers what the forward used and gave.</summary>
    public LayerwiseBackward(
        IReadOnlyList<TargetLayer> layers,
        IReadOnlyList<Tensor> shared,
        IReadOnlyList<Tensor> inputs,
        Tensor anchor,
        TokenMasks masks,
        Tensor merged,
        Tensor confidence)
    {
        (_layers, _shared) = (layers, shared);
        _inputs = [.. inputs.Select(input => input.detach())];
        _inputNeeded = [.. inputs.Select(input => input.requires_grad)];
        (_anchor, _merged, _confidence) = (anchor.detach(), merged.detach(), confidence.detach());
        _masks = masks;
    }

    /// <summary>What must live until the backward.</summary>
    public Tensor[] Kept => [_anchor, _merged, _confidence, .. _masks.All, .. _inputs];

    /// <summary>Gradients of the inputs, the anchor, the shared parameters, then each layer's.</summary>
    /// <param name="gradient">Of what was merged.</param>
    /// <param name="kept">What <see cref="Kept"/> gave, as the recorded graph kept it.</param>
    public Tensor?[] Run(Tensor gradient, IEnumerable<Tensor> kept)
    {
        var tensors = new Queue<Tensor>(kept);
        (_anchor, _merged, _confidence) = (tensors.Dequeue(), tensors.Dequeue(), tensors.Dequeue());
        _masks = _masks.In(tensors);
        _inputs = [.. _inputs.Select(_ => tensors.Dequeue())];
        Tensor fit = Summed((_merged * gradient).sum(-1, true));
        var common = new Tensor?[1 + _shared.Count];
        var inputs = new Tensor?[_layers.Count];
        var own = new List<Tensor?>();
        for (int i = 0; i < _layers.Count; i++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            TargetLayer layer = _layers[i];
            Tensor?[] found = Merge(i, gradient, fit);
            own.AddRange(found[0] is { } projected ? scope.MoveAllToOuter(layer.ParameterGradients(_inputs[i], projected)) : []);
            own.AddRange(found[(1 + common.Length)..]);
            scope.MoveAllToOuter([.. found[(1 + common.Length)..].OfType<Tensor>()]);
            GradientSum.Add(common, found[1..(1 + common.Length)], scope);
            inputs[i] = _inputNeeded[i] ? scope.MoveToOuter(layer.InputGradient(_inputs[i], found[0]!)) : null;

            // Nobody reads it again; what only this graph held is freed.
            _inputs[i].Dispose();
        }

        return [.. inputs, .. common, .. own];
    }

    /// <summary>
    /// Gradients of the projection (null where it and the input need none), the anchor, the shared parameters and the
    /// layer's others.
    /// </summary>
    private Tensor?[] Merge(int layer, Tensor gradient, Tensor mergedFit)
    {
        Tensor share = _confidence.narrow(2, layer, 1);
        return Recomputation.Gradients(
            leaves =>
            {
                (Tensor score, Tensor fit) = _layers[layer].Fit(leaves[0], leaves[1], _masks, gradient);
                return [score, Summed(fit)];
            },

            // The softmax's gradient: how much better the layer's features fit than the merged ones.
            outputs => [share * (outputs[1].detach() - mergedFit), share],
            [(_layers[layer].Project(_inputs[layer]), _inputNeeded[layer] || _layers[layer].LinearParameters.Count > 0), (_anchor, true)],
            [.. _shared, .. _layers[layer].MergeParameters]);
    }

    /// <summary><c>[B, Q, 1]</c> to one number for every score.</summary>
    private Tensor Summed(Tensor fit) => _masks.Scores == 1 ? fit.sum(1, true) : fit;
}
