using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>The gradients of <see cref="ConfidenceAggregation"/>, a layer at a time, each computed again from its projection.</summary>
internal sealed class AggregationBackward
{
    private readonly IReadOnlyList<TargetLayer> _layers;
    private readonly IReadOnlyList<Tensor> _shared;
    private readonly SampleRange[] _parts;
    private readonly Tensor[] _inputs;
    private readonly bool[] _inputNeeded;
    private readonly Tensor _anchor;
    private readonly TokenMasks _masks;
    private readonly Tensor?[] _projected;
    private readonly Tensor _merged;
    private readonly Tensor _confidence;

    /// <summary>Remembers what the forward used and gave.</summary>
    public AggregationBackward(
        IReadOnlyList<TargetLayer> layers,
        IReadOnlyList<Tensor> shared,
        SampleRange[] parts,
        IReadOnlyList<Tensor> inputs,
        Tensor anchor,
        TokenMasks masks,
        Tensor?[] projected,
        Tensor merged,
        Tensor confidence)
    {
        (_layers, _shared, _parts, _projected) = (layers, shared, parts, projected);
        _inputs = [.. inputs.Select(input => input.Detach())];
        _inputNeeded = [.. inputs.Select(input => input.RequiresGrad)];
        (_anchor, _merged, _confidence) = (anchor.Detach(), merged.Detach(), confidence.Detach());
        _masks = masks.Detach();
    }

    /// <summary>What must live until the backward.</summary>
    public Tensor[] Kept => [_anchor, _merged, _confidence, .. _masks.Tensors, .. _inputs, .. _projected.OfType<Tensor>()];

    /// <summary>Gradients of the inputs, the anchor, the shared parameters, then each layer's.</summary>
    public Tensor?[] Run(Tensor gradient)
    {
        Tensor anchor = _anchor.ZerosLike();
        Tensor fit = Summed((_merged * gradient).Sum(-1, true));
        var shared = new Tensor?[_shared.Count];
        var inputs = new Tensor?[_layers.Count];
        var own = new List<Tensor?>();
        for (int i = 0; i < _layers.Count; i++)
        {
            using TensorScope scope = TensorScope.Begin();
            TargetLayer layer = _layers[i];
            var merging = new Tensor?[layer.MergeParameters.Count];
            Tensor? linear = _projected[i] ?? (_parts.Length > 1 ? layer.Project(_inputs[i]) : null);
            Tensor? projected = linear;
            foreach (SampleRange part in _parts)
            {
                using TensorScope inner = TensorScope.Begin();
                Tensor?[] found = Merge(i, part, linear, gradient, fit);
                if (linear is not null)
                {
                    // What the linear map gave is not needed again, and its gradient is as large.
                    part.Of(linear).Copy_(found[0]!);
                }
                else
                {
                    projected = found[0] is { } whole ? inner.HandOut(whole) : null;
                }

                if (found[1] is { } ofAnchor)
                {
                    part.Of(anchor).Add_(ofAnchor);
                }

                Add(shared, found[2..(2 + shared.Length)], inner);
                Add(merging, found[(2 + shared.Length)..], inner);
            }

            own.AddRange(projected is null ? [] : scope.HandOut(layer.ParameterGradients(_inputs[i], projected)));
            own.AddRange(merging);
            scope.HandOut([.. merging.Concat(shared).OfType<Tensor>()]);
            inputs[i] = _inputNeeded[i] ? scope.HandOut(layer.InputGradient(_inputs[i], projected!)) : null;

            // Nobody reads them again; what only this graph held is freed.
            _inputs[i].Dispose();
            _projected[i]?.Dispose();
        }

        return [.. inputs, anchor, .. shared, .. own];
    }

    /// <summary>Adds gradients of one part to those of the parts before.</summary>
    private static void Add(Tensor?[] sums, Tensor?[] gradients, TensorScope scope)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            if (gradients[i] is not { } gradient)
            {
                continue;
            }

            if (sums[i] is { } sum)
            {
                sum.Add_(gradient);
            }
            else
            {
                sums[i] = scope.HandOut(gradient);
            }
        }
    }

    /// <summary>
    /// Gradients of the projection (null where it and the input need none), the anchor, the shared parameters and the
    /// layer's others, for some examples; <paramref name="linear"/> is what the linear map gave for all, or null.
    /// </summary>
    private Tensor?[] Merge(int layer, SampleRange part, Tensor? linear, Tensor gradient, Tensor mergedFit)
    {
        Tensor share = part.Of(_confidence).Narrow(2, layer, 1);
        Tensor projected = linear is null ? _layers[layer].Project(part.Of(_inputs[layer])) : part.Of(linear);
        return Recomputation.Gradients(
            leaves =>
            {
                (Tensor score, Tensor fit) = _layers[layer].Fit(leaves[0], leaves[1], _masks.Of(part), part.Of(gradient));
                return [score, Summed(fit)];
            },

            // The softmax's gradient: how much better the layer's features fit than the merged ones.
            outputs => [share * (outputs[1].Detach() - part.Of(mergedFit)), share],
            [(projected, _inputNeeded[layer] || _layers[layer].LinearParameters.Count > 0), (part.Of(_anchor), true)],
            [.. _shared, .. _layers[layer].MergeParameters]);
    }

    /// <summary><c>[B, Q, 1]</c> to one number for every score.</summary>
    private Tensor Summed(Tensor fit) => _masks.Scores == 1 ? fit.Sum(1, true) : fit;
}
