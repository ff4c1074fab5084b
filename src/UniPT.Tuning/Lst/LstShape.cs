using UniPT.Backbones;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Tuning.Lst;

/// <summary>
/// How large a side network beside a backbone is. It copies the make of the backbone's last Transformer layer (pre-norm or post-norm, activation,
/// heads), with every width divided by the reduction, or in the proportion of the width that was asked for; beside a backbone without such layers it is made of BERT's.
/// </summary>
/// <param name="Width">Channels of the side states.</param>
/// <param name="Attention">Channels of all heads of the side layers' attentions.</param>
/// <param name="Inner">Channels inside the side layers' feed-forward networks.</param>
/// <param name="Heads">Heads of the side layers' attentions.</param>
/// <param name="Make">The backbone's layer that the side layers are made like; null for BERT's.</param>
internal sealed record LstShape(int Width, int Attention, int Inner, int Heads, TransformerBlock? Make)
{
    private const int DefaultHeads = 4;
    private const int Expansion = 4;

    /// <exception cref="UserException">The reduction or the heads do not divide what they must.</exception>
    public static LstShape Of(BackboneStream stream, LstOptions options)
    {
        TransformerBlock? make = stream.Blocks.Select(block => block.Layer).LastOrDefault();
        int width = options.Width ?? Reduced("width", stream.Widths[^1], stream, options);
        int inner = make is null ? Expansion * width : Reduced("feed-forward width", (int)make.FeedForward.Up.Output, stream, options);
        int heads = options.Heads > 0 ? options.Heads : make?.Attention.HeadCount ?? DefaultHeads;
        int attention = make?.AttentionWidth(width) ?? width;
        return attention % heads == 0
            ? new LstShape(width, attention, inner, heads, make)
            : throw new UserException($"The side network of lst for {stream} is {attention} wide; its {heads} heads must divide that.");
    }

    /// <summary>A new side layer.</summary>
    /// <param name="weights">Where its weights stand.</param>
    /// <param name="first">The first one, whose table of positions it shares; null for that one.</param>
    public TransformerBlock Block(Weights weights, TransformerBlock? first) =>
        Make?.Resized(weights, Width, Inner, Heads, first) ?? new PostNormBlock(weights, new BlockShape(Width, Inner, Heads));

    private static int Reduced(string what, int width, BackboneStream stream, LstOptions options)
    {
        int all = stream.Widths[^1];
        if (options.Width is { } given)
        {
            return (long)width * given % all == 0
                ? (int)((long)width * given / all)
                : throw new UserException($"The width of lst is {given} beside {stream}, which has {all} channels; its {what} {width} in that proportion would be no whole number.");
        }

        return options.Reduction > 0 && width % options.Reduction == 0
            ? width / options.Reduction
            : throw new UserException($"The reduction of lst is {options.Reduction}; it must divide the {what} {width} of {stream}.");
    }
}
