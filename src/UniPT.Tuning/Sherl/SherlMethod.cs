using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.Sherl;

/// <summary>
/// SHERL (Diao et al., ECCV 2024, arXiv 2407.07523): early hidden states are merged by anti-redundancy weights into the one
/// before the late blocks; these are frozen, but gradients flow through them. The early blocks are only read.
/// </summary>
public sealed class SherlMethod(SherlOptions options) : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "sherl";

    /// <inheritdoc/>
    public override bool RunsBlocks => true;

    /// <inheritdoc/>
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        int blocks = BackboneAccess.Blocks(stream, Name).Count;
        if (options.Late < 1 || options.Late >= blocks)
        {
            throw new UserException($"sherl runs the last {options.Late} blocks of {stream} again; it must be 1 to {blocks - 1} of its {blocks}.");
        }

        CutBackbone cut = stream.Cut?.Invoke(blocks - options.Late)
            ?? throw new UserException($"{Name} is not defined for {stream} here: it cannot be cut before its last blocks, as where layers are chosen.");
        IReadOnlyList<int> widths = cut.Stream.Widths;
        CheckDropped(stream, widths.Count - 1);
        if (stream.Memory is { } memory)
        {
            CheckDropped(memory, memory.Widths.Count - 1);
        }

        if (SherlBlock.Taps(widths, options).Length < 2)
        {
            throw new UserException($"sherl merges hidden states into the one before the late blocks; with {options.Late} late blocks {stream} has none to merge{(options.Dropped.Count > 0 ? $" besides {options.Dropped}, which are dropped" : "")}.");
        }

        if (options.Reduction < 1 || widths[^1] % options.Reduction != 0)
        {
            throw new UserException($"The reduction of sherl is {options.Reduction}; it must divide the width {widths[^1]} of what goes into the late blocks of {stream}.");
        }

        // Beside a decoder the published form has no projection; beside others the task's width has always had one.
        return new SherlBackbone(stream, cut, weights, stream.Memory is null ? output ?? stream.Widths[^1] : output, options);
    }

    private void CheckDropped(BackboneStream stream, int guide)
    {
        foreach (int layer in options.Dropped.Where(layer => layer < 1 || layer >= stream.Widths.Count || layer == guide))
        {
            throw new UserException(layer == guide
                ? $"sherl drops the layer {layer} of {stream}, the one that the others are merged into; it must stay."
                : $"sherl drops the layer {layer}; {stream} has the hidden states 1 to {stream.Widths.Count - 1} to drop.");
        }
    }
}
