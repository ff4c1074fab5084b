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
    public override TunedBackbone Attach(Backbone backbone, Weights weights, int output)
    {
        int blocks = Inside.Blocks(backbone, Name).Count;
        if (options.Late < 1 || options.Late >= blocks)
        {
            throw new UserException($"sherl runs the last {options.Late} blocks of {backbone.Name} again; it must be 1 to {blocks - 1} of its {blocks}.");
        }

        CutBackbone cut = backbone.Cut(blocks - options.Late)
            ?? throw new UserException($"{Name} is not defined for {backbone.Name} here: it cannot be cut before its last blocks, as where layers are chosen.");
        if (cut.Widths.Count < 2)
        {
            throw new UserException($"sherl merges hidden states into the one before the late blocks; with {options.Late} late blocks {backbone.Name} has none to merge.");
        }

        if (options.Reduction < 1 || cut.Widths[^1] % options.Reduction != 0)
        {
            throw new UserException($"The reduction of sherl is {options.Reduction}; it must divide the width {cut.Widths[^1]} of what goes into the late blocks of {backbone.Name}.");
        }

        return new SherlBackbone(cut, backbone.Blocks.TakeLast(options.Late), weights, output, cut.Widths[^1] / options.Reduction, options.Projection);
    }
}
