using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.Lst;

/// <summary>
/// Ladder side tuning (Sung et al., NeurIPS 2022, arXiv 2206.06522): a narrow network of layers like the backbone's runs
/// beside it and takes in its hidden states through gates; no gradient flows into the backbone. Maps are averaged to the
/// size of the last one, whose cells are tokens then.
/// </summary>
public sealed class LstMethod(LstOptions options) : TuningMethod
{
    /// <inheritdoc/>
    public override string Name => "lst";

    /// <inheritdoc/>
    public override TunedBackbone Attach(Backbone backbone, Weights weights, int output)
    {
        int last = backbone.Widths.Count - 1;
        foreach (int layer in options.Dropped.Where(layer => layer < 1 || layer > last))
        {
            throw new UserException($"lst drops the layer {layer}; {backbone.Name} has the hidden states 1 to {last} to drop.");
        }

        if (options.Dropped.Distinct().Count() == last)
        {
            throw new UserException($"lst keeps no layer of {backbone.Name}: it has the hidden states 1 to {last} to climb, and {options.Dropped} are dropped.");
        }

        LstShape shape = LstShape.Of(backbone, options);
        if (options.Start != LstStart.Random && WhyNotPruned(backbone, shape) is { } reason)
        {
            throw new UserException($"lst cannot start from a pruned {backbone.Name}: {reason}.");
        }

        return new LstBackbone(backbone, weights, output, options, shape);
    }

    private static string? WhyNotPruned(Backbone backbone, LstShape shape)
    {
        if (backbone.Blocks.Count == 0 || backbone.Blocks.Any(block => block.Layer is null))
        {
            return "it does not consist of Transformer layers";
        }

        if (backbone.Blocks.Count != backbone.Widths.Count - 1)
        {
            return "some of its layers are not among the hidden states that are read";
        }

        long narrowest = backbone.Blocks.Min(block => Math.Min(block.Layer!.Attention.Query.Input, block.Layer.Attention.Query.Output));
        return narrowest < shape.Width ? $"a layer is {narrowest} wide, less than the {shape.Width} of the side network" : null;
    }
}
