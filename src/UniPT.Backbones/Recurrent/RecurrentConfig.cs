using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Recurrent;

/// <summary>Sizes of a recurrent network; without changes those of the text encoder of VSE++ (Faghri et al., arXiv 1707.05612) without its words.</summary>
public sealed record RecurrentConfig
{
    /// <summary>How a step follows from the one before.</summary>
    public RecurrentCell Cell { get; init; }

    /// <summary>Token ids that have vectors; null for a network of signals.</summary>
    public int? Vocabulary { get; init; }

    /// <summary>Width of the tokens' vectors, or channels of the signals.</summary>
    public int Input { get; init; } = 300;

    /// <summary>Width of the state of one direction.</summary>
    public int Width { get; init; } = 1024;

    /// <summary>Layers, each of which gives a hidden state.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Whether every layer runs over the steps from both ends; its outputs stand side by side then, the way forward first.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Whether there are biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Width of every layer's output.</summary>
    public int Output => Bidirectional ? 2 * Width : Width;

    /// <summary>The sizes that a checkpoint's shapes tell.</summary>
    /// <param name="cell">Which network the checkpoint should be.</param>
    /// <param name="root">Where <c>embed</c> stands.</param>
    /// <param name="layers">Where <c>weight_ih_l0</c> stands.</param>
    /// <exception cref="UserException">It is another network's.</exception>
    internal static RecurrentConfig Of(RecurrentCell cell, Weights root, Weights layers)
    {
        long[] first = layers.Shape("weight_ih_l0", 2);
        long[] hidden = layers.Shape("weight_hh_l0", 2);
        string name = cell.ToString().ToLowerInvariant();
        if (hidden[0] != cell.Gates() * hidden[1])
        {
            throw new UserException(
                $"{name} has {cell.Gates()} gates, so its weight_hh_l0 must be {cell.Gates()} times as high as wide; the checkpoint's has the shape [{hidden[0]}, {hidden[1]}].");
        }

        int count = 0;
        while (layers.Contains($"weight_ih_l{count}"))
        {
            count++;
        }

        return new()
        {
            Cell = cell,
            Vocabulary = root.Contains(RecurrentEncoder.Words) ? (int)root.Shape(RecurrentEncoder.Words, 2)[0] : null,
            Input = (int)first[1],
            Width = (int)hidden[1],
            Layers = count,
            Bidirectional = layers.Contains("weight_ih_l0_reverse"),
            Bias = layers.Contains("bias_ih_l0"),
        };
    }
}
