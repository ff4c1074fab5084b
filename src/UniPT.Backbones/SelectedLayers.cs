namespace UniPT.Backbones;

/// <summary>A backbone that gives out only some of its hidden states.</summary>
public sealed class SelectedLayers : Backbone
{
    private readonly Backbone _inner;
    private readonly int[] _layers;

    /// <summary>Chooses hidden states by their index, in rising order; the last one becomes the anchor.</summary>
    /// <exception cref="UserException">An index is out of range, or they do not rise.</exception>
    public SelectedLayers(Backbone inner, IReadOnlyList<int> layers) : base(inner.Store)
    {
        foreach (int layer in layers)
        {
            if (layer < 0 || layer >= inner.Widths.Count)
            {
                throw new UserException($"{inner.Name} has the hidden states 0 to {inner.Widths.Count - 1}; layer {layer} is none of them.");
            }
        }

        if (layers.Zip(layers.Skip(1)).Any(pair => pair.Second <= pair.First))
        {
            throw new UserException($"The layers [{string.Join(", ", layers)}] of {inner.Name} must rise.");
        }

        (_inner, _layers) = (inner, [.. layers]);
        Widths = [.. _layers.Select(layer => inner.Widths[layer])];
        LayerNames = [.. _layers.Select(layer => inner.LayerNames[layer])];
    }

    /// <inheritdoc/>
    public override string Name => _inner.Name;

    /// <inheritdoc/>
    public override HiddenLayout Layout => _inner.Layout;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Widths { get; }

    /// <inheritdoc/>
    public override int? PooledWidth => _inner.PooledWidth;

    /// <inheritdoc/>
    public override IReadOnlyList<string> LayerNames { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<BackboneBlock> Blocks => _inner.Blocks;

    /// <inheritdoc/>
    public override Backbone Source => _inner.Source;

    /// <inheritdoc/>
    public override Prompt? Prompt => _inner.Prompt;

    /// <inheritdoc/>
    public override HiddenStates Of(HiddenStates source)
    {
        HiddenStates all = _inner.Of(source);
        return all with { Layers = [.. _layers.Select(layer => all.Layers[layer])] };
    }

    /// <inheritdoc/>
    protected override HiddenStates Compute(BackboneInput input) => Of(_inner.Source.forward(input));
}
