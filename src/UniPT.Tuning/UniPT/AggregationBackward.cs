using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>The gradients of <see cref="ConfidenceAggregation"/>, a layer at a time, each computed again from its projection.</summary>
internal sealed class AggregationBackward
{
    private readonly IReadOnlyList<TargetLayer> _layers;
    private readonly ConfidenceGate _gate;
    private readonly SampleRange[] _parts;
    private readonly Tensor[] _inputs;
    private readonly bool[] _inputNeeded;
    private readonly Tensor _anchor;
    private readonly TokenMasks _masks;
    private readonly Tensor?[,] _projected;
    private readonly Tensor _merged;
    private readonly Tensor _confidence;

    /// <summary>Remembers what the forward used and gave.</summary>
    public AggregationBackward(
        IReadOnlyList<TargetLayer> layers,
        ConfidenceGate gate,
        SampleRange[] parts,
        IReadOnlyList<Tensor> inputs,
        Tensor anchor,
        TokenMasks masks,
        Tensor?[,] projected,
        Tensor merged,
        Tensor confidence)
    {
        (_layers, _gate, _parts, _projected) = (layers, gate, parts, projected);
        _inputs = [.. inputs.Select(input => input.Detach())];
        _inputNeeded = [.. inputs.Select(input => input.RequiresGrad)];
        (_anchor, _merged, _confidence) = (anchor.Detach(), merged.Detach(), confidence.Detach());
        _masks = masks.Detach();
    }

    /// <summary>What must live until the backward.</summary>
    public Tensor[] Kept =>
        [_anchor, _merged, _confidence, .. _masks.Tensors, .. _inputs, .. _projected.Cast<Tensor?>().OfType<Tensor>()];

    /// <summary>Gradients of the inputs, the anchor, the gate's parameters, then each layer's.</summary>
    public Tensor?[] Run(Tensor gradient)
    {
        Tensor anchor = _anchor.ZerosLike();
        var gate = new Tensor?[_gate.Parameters.Count];
        var inputs = new Tensor?[_layers.Count];
        var own = new List<Tensor?>();
        for (int i = 0; i < _layers.Count; i++)
        {
            TargetLayer target = _layers[i];
            var layer = new Tensor?[target.LinearParameters.Count + target.NormParameters.Count];
            var inputParts = new List<Tensor>();
            for (int part = 0; part < _parts.Length; part++)
            {
                using TensorScope scope = TensorScope.Begin();
                Tensor?[] found = Merge(i, part, _parts[part].Of(gradient));
                Tensor projected = found[0]!;
                _parts[part].Of(anchor).Add_(found[1]!);
                Add(gate, found[2..(2 + gate.Length)], scope);
                Add(layer, [.. target.ParameterGradients(_parts[part].Of(_inputs[i]), projected), .. found[(2 + gate.Length)..]], scope);
                if (_inputNeeded[i])
                {
                    inputParts.Add(scope.HandOut(target.InputGradient(_parts[part].Of(_inputs[i]), projected)));
                }
            }

            own.AddRange(layer);
            inputs[i] = inputParts.Count > 1 ? Tensor.Cat([.. inputParts]) : inputParts.FirstOrDefault();

            // Nobody reads it again; what only this graph held is freed.
            _inputs[i].Dispose();
        }

        return [.. inputs, anchor, .. gate, .. own];
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

    /// <summary>Gradients of the projection, the anchor, the gate's parameters and the norm's, for some examples.</summary>
    private Tensor?[] Merge(int layer, int part, Tensor gradient)
    {
        SampleRange samples = _parts[part];
        Tensor share = samples.Of(_confidence).Narrow(2, layer, 1);
        Tensor projected = _projected[layer, part] ?? _layers[layer].Project(samples.Of(_inputs[layer]));
        Tensor?[] found = Recomputation.Gradients(
            leaves =>
            {
                (Tensor score, Tensor features) = _layers[layer].Merge(leaves[0], leaves[1], _masks.Of(samples));
                return [score, features];
            },
            outputs => [share * Fit(gradient, outputs[1].Detach(), samples.Of(_merged)), gradient * share],
            [(projected, true), (samples.Of(_anchor), true)],
            [.. _gate.Parameters, .. _layers[layer].NormParameters]);

        // Not needed again, and the largest thing that was kept.
        _projected[layer, part]?.Dispose();
        return found;
    }

    /// <summary>The softmax's gradient: how much better a layer's features fit than the merged ones, <c>[B, 1 or N, 1]</c>.</summary>
    private Tensor Fit(Tensor gradient, Tensor features, Tensor merged)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor fit = ((features - merged) * gradient).Sum(-1, true);
        return scope.HandOut(_masks.Scores == 1 ? fit.Sum(1, true) : fit);
    }
}
