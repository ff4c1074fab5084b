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
    public override TunedBackbone Attach(BackboneStream stream, Weights weights, int? output)
    {
        Check(stream, options.Dropped);
        if (MemoryOf(stream) is { } memory)
        {
            Check(memory, EncoderDropped(options));
        }

        return new LstBackbone(stream.BeforeEnd, weights, output ?? stream.Widths[^1], options);
    }

    /// <summary>The hidden states without a rung of the encoder beside whose decoder a ladder stands.</summary>
    internal static OptionList<int> EncoderDropped(LstOptions options) => options.EncoderDropped.Count > 0 ? options.EncoderDropped : options.Dropped;

    /// <summary>The stream beside which a second ladder stands: what the stream's own layers look at; null where none does.</summary>
    internal static BackboneStream? MemoryOf(BackboneStream stream) =>
        stream.Blocks.Any(block => block.Layer?.Cross is not null) ? stream.Memory : null;

    private void Check(BackboneStream stream, OptionList<int> dropped)
    {
        int last = stream.Widths.Count - 1;
        if (last == 0)
        {
            throw new UserException($"lst climbs from one hidden state to the next, so it needs at least 2; {stream} was given with 1.");
        }

        foreach (int layer in dropped.Where(layer => layer < 1 || layer > last))
        {
            throw new UserException($"lst drops the layer {layer}; {stream} has the hidden states 1 to {last} to drop.");
        }

        if (dropped.Distinct().Count() == last)
        {
            throw new UserException($"lst keeps no layer of {stream}: it has the hidden states 1 to {last} to climb, and {dropped} are dropped.");
        }

        LstShape shape = LstShape.Of(stream, options);
        if (options.Start != LstStart.Random && WhyNotPruned(stream, shape) is { } reason)
        {
            throw new UserException($"lst cannot start from a pruned {stream}: {reason}.");
        }
    }

    private static string? WhyNotPruned(BackboneStream stream, LstShape shape)
    {
        if (stream.Blocks.Count == 0 || stream.Blocks.Any(block => block.Layer is null))
        {
            return "it does not consist of Transformer layers";
        }

        if (stream.Blocks.Count != stream.Widths.Count - 1)
        {
            return "some of its layers are not among the hidden states that are read";
        }

        long narrowest = stream.Blocks.Min(block => Math.Min(block.Layer!.Attention.Query.Input, block.Layer.Attention.Query.Output));
        return narrowest < shape.Width ? $"a layer is {narrowest} wide, less than the {shape.Width} of the side network" : null;
    }
}
