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
        Tensor products = SumGradient.ProductsOf(_merged, gradient, _masks);
        var common = new Tensor?[1 + _shared.Count];
        var inputs = new Tensor?[_layers.Count];
        var ofLayers = new List<Tensor?>();
        for (int i = 0; i < _layers.Count; i++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            TargetLayer layer = _layers[i];
            bool projects = _inputNeeded[i] || layer.LinearParameters.Count > 0;
            var sum = new SumGradient(gradient, _confidence.narrow(2, i, 1), products);
            Tensor?[] found = Recomputation.Gradients(
                leaves => [layer.RecordMerge(leaves[0], leaves[1], _masks, sum)],
                outputs => [outputs[0].detach().ones_like()],
                [(layer.Project(_inputs[i]), projects), (_anchor, true)],
                [.. _shared, .. layer.MergeParameters]);
            ofLayers.AddRange(found[0] is { } projected ? scope.MoveAllToOuter(layer.ParameterGradients(_inputs[i], projected)) : []);
            ofLayers.AddRange(found[(1 + common.Length)..]);
            scope.MoveAllToOuter([.. found[(1 + common.Length)..].OfType<Tensor>()]);
            GradientSum.Add(common, found[1..(1 + common.Length)], scope);
            inputs[i] = _inputNeeded[i] ? scope.MoveToOuter(layer.InputGradient(_inputs[i], found[0]!)) : null;

            // Not needed again. Disposing frees it where only the recorded graph held it.
            _inputs[i].Dispose();
        }

        return [.. inputs, .. common, .. ofLayers];
    }
}
