using UniPT.Torch;
using UniPT.Tuning.UniPT.Projections;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>The gradients of <see cref="StackedAggregation"/>, a few examples at a time.</summary>
internal sealed class StackedBackward
{
    private readonly StackedAggregation _aggregation;
    private readonly IReadOnlyList<LayerProjection> _layers;
    private readonly SampleRange[] _parts;
    private Tensor[] _inputs;
    private readonly bool[] _inputNeeded;
    private Tensor _anchor;
    private TokenMasks _masks;
    private Tensor[]? _projected;
    private Tensor?[] _interacted;

    /// <summary>
    /// Remembers what the forward used. What the linear maps gave and what the interaction kept of each part are null where they are
    /// computed again.
    /// </summary>
    public StackedBackward(
        StackedAggregation aggregation,
        IReadOnlyList<LayerProjection> layers,
        SampleRange[] parts,
        IReadOnlyList<Tensor> inputs,
        Tensor anchor,
        TokenMasks masks,
        Tensor[]? projected,
        Tensor?[] interacted)
    {
        (_aggregation, _layers, _parts, _projected, _interacted) = (aggregation, layers, parts, projected, interacted);
        _inputs = [.. inputs.Select(input => input.detach())];
        _inputNeeded = [.. inputs.Select(input => input.requires_grad)];
        _anchor = anchor.detach();
        _masks = masks;
    }

    /// <summary>What must live until the backward.</summary>
    public Tensor[] Kept => [_anchor, .. _masks.All, .. _inputs, .. _projected ?? [], .. _interacted.OfType<Tensor>()];

    /// <summary>Gradients of the inputs, the anchor, what merges, then of each layer's linear map.</summary>
    /// <param name="gradient">Of what was merged.</param>
    /// <param name="kept">What <see cref="Kept"/> gave, as the recorded graph kept it.</param>
    public Tensor?[] Run(Tensor gradient, IEnumerable<Tensor> kept)
    {
        var tensors = new Queue<Tensor>(kept);
        _anchor = tensors.Dequeue();
        _masks = _masks.In(tensors);
        _inputs = [.. _inputs.Select(_ => tensors.Dequeue())];
        _projected = _projected is null ? null : [.. _projected.Select(_ => tensors.Dequeue())];
        _interacted = [.. _interacted.Select(part => part is null ? null : tensors.Dequeue())];
        int count = _layers.Count;
        Tensor anchor = _anchor.zeros_like();
        Tensor?[] inputs = [.. _inputs.Select((input, i) => _inputNeeded[i] ? input.zeros_like() : null)];
        Tensor?[][] linear = [.. _layers.Select(layer => new Tensor?[layer.LinearParameters.Count])];
        Tensor?[]? merging = null;
        foreach ((SampleRange part, Tensor? interacted) in _parts.Zip(_interacted))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor[] projected = _aggregation.Projected(_projected, _inputs, part);
            Tensor?[] found = _aggregation.Backward(projected, part.Of(_anchor), _masks.Of(part), part.Of(gradient), interacted);
            for (int i = 0; i < count; i++)
            {
                if (_projected is null)
                {
                    AddLinearGradients(i, part, found[i]!, inputs[i], linear[i], scope);
                }
                else
                {
                    // What the linear map gave is not needed again: its gradient, which is as large, takes its memory.
                    projected[i].copy_(found[i]!);
                }
            }

            if (found[count] is { } ofAnchor)
            {
                part.Of(anchor).Add_(ofAnchor);
            }

            merging ??= new Tensor?[found.Length - count - 1];
            GradientSum.Add(merging, found.AsSpan(count + 1), scope);

            // Not needed again. Disposing frees what only the recorded graph held; so it is with what is disposed of below.
            interacted?.Dispose();
        }

        for (int i = 0; i < count; i++)
        {
            if (_projected is not null)
            {
                using DisposeScope scope = torch.NewDisposeScope();
                AddLinearGradients(i, new SampleRange(0, anchor.size(0)), _projected[i], inputs[i], linear[i], scope);
                _projected[i].Dispose();
            }

            _inputs[i].Dispose();
        }

        return [.. inputs, anchor, .. merging!, .. linear.SelectMany(gradients => gradients)];
    }

    /// <summary>Adds what a layer's linear map passes on of a gradient.</summary>
    private void AddLinearGradients(int layer, SampleRange part, Tensor gradient, Tensor? input, Tensor?[] parameters, DisposeScope scope)
    {
        Tensor tokens = part.Of(_inputs[layer]);
        GradientSum.Add(parameters, _layers[layer].ParameterGradients(tokens, gradient), scope);
        if (input is not null)
        {
            part.Of(input).copy_(_layers[layer].InputGradient(tokens, gradient));
        }
    }
}
