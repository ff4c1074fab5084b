namespace UniPT.Backbones;

/// <summary>
/// The blocks of a stream before a cut, as a backbone with that stream alone, whose last hidden state is what goes into the blocks behind
/// it, and those blocks, to be run on another state; of a decoder with a second stream, its encoder's.
/// </summary>
public sealed class CutBackbone : Backbone
{
    private readonly Func<BackboneInput, HiddenStates> _early;
    private readonly Func<Tensor, Tensor?, HiddenStates?, Tensor> _late;

    /// <summary>Of a network's two halves.</summary>
    /// <param name="whole">The stream.</param>
    /// <param name="widths">Channels of the hidden states before the cut.</param>
    /// <param name="layerNames">Their names.</param>
    /// <param name="early">Computes them.</param>
    /// <param name="late">The last hidden state of the whole from a state in the place of the last one before the cut, and the
    /// mask of its tokens.</param>
    internal CutBackbone(
        BackboneStream whole,
        IEnumerable<int> widths,
        IEnumerable<string> layerNames,
        Func<BackboneInput, HiddenStates> early,
        Func<Tensor, Tensor?, Tensor> late) : this(whole, widths, layerNames, early, (state, mask, _) => late(state, mask))
    {
    }

    /// <summary>
    /// Of a decoder with a hidden state between all of its blocks, the whole encoder beside the early ones, before the norm behind it if there is one; those behind the cut
    /// read the memory that they are given.
    /// </summary>
    internal CutBackbone(
        BackboneStream whole, int block, Func<BackboneInput, HiddenStates> early, Func<Tensor, Tensor?, HiddenStates?, Tensor> late)
        : this(whole, whole.Widths.Take(block + 1), whole.LayerNames.Take(block + 1), early, late)
    {
    }

    private CutBackbone(
        BackboneStream whole,
        IEnumerable<int> widths,
        IEnumerable<string> layerNames,
        Func<BackboneInput, HiddenStates> early,
        Func<Tensor, Tensor?, HiddenStates?, Tensor> late) : base(whole.Backbone.Store)
    {
        (Whole, _early, _late) = (whole, early, late);
        BackboneStream? memory = whole.Memory?.BeforeEnd is { } read ? new BackboneStream(this, read.Name, read.Layout, read.Widths, read.LayerNames) : null;
        Stream = new(this, whole.Name, whole.Layout, [.. widths], [.. layerNames]) { Memory = memory, NewLinears = whole.NewLinears };
        Streams = memory is null ? new(Stream) : new(memory, Stream);
    }

    /// <summary>Of a network that has a hidden state between all of its blocks.</summary>
    internal CutBackbone(
        BackboneStream whole, int block, Func<BackboneInput, HiddenStates> early, Func<Tensor, Tensor?, Tensor> late)
        : this(whole, whole.Widths.Take(block + 1), whole.LayerNames.Take(block + 1), early, late)
    {
    }

    /// <inheritdoc/>
    public override string Name => Whole.Backbone.Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <summary>The stream that was cut.</summary>
    public BackboneStream Whole { get; }

    /// <summary>The stream of the hidden states before the cut.</summary>
    public BackboneStream Stream { get; }

    /// <summary>Channels of what the blocks behind the cut give.</summary>
    public int LateWidth => Whole.Widths[^1];

    /// <summary>What the blocks behind the cut make of a state; it is recorded where the state is.</summary>
    /// <param name="state">In the place, and of the shape, of the last hidden state.</param>
    /// <param name="mask">1 for tokens that count, 0 for others, <c>[B, N]</c>; null where all count.</param>
    /// <param name="memory">What the blocks of a decoder look at: the last of these hidden states; null for others.</param>
    public Tensor Late(Tensor state, Tensor? mask, HiddenStates? memory = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(_late(state, mask, memory));
    }

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input)
    {
        HiddenStates states = _early(input);
        return states.Memory is { } memory ? new((Whole.Memory!.Name, memory), (Whole.Name, states with { Memory = null })) : new(Whole.Name, states);
    }
}
