using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.T5;

/// <summary>The encoder or the decoder: blocks that share a table of positions, a norm, and dropout before the first block and behind the norm.</summary>
internal sealed class T5Stack
{
    private readonly T5Block[] _blocks;
    private readonly Dropout _dropout;

    /// <summary>Takes <c>block.i</c>, of which the first has the table, and <c>final_layer_norm</c>.</summary>
    public T5Stack(Weights weights, T5Config config, bool decodes)
    {
        Weights blocks = weights / "block";
        T5BlockShape shape = config.Block(decodes);
        var positions = new RelativePositions(T5Block.Positions(blocks / 0), config.Buckets, config.Heads, config.Farthest, !decodes, shape.Start.Up);
        _blocks = [.. Enumerable.Range(0, decodes ? config.DecoderLayers : config.Layers).Select(i => new T5Block(blocks / i, shape, positions))];
        End = new FinalNorm(weights / "final_layer_norm", config.Width, config.Epsilon, config.Dropout);
        _dropout = new Dropout(weights, config.Dropout);
        LayerNames = ["embedding", .. Enumerable.Range(1, _blocks.Length).Select(i => $"layer {i}")];
        Points = [.. _blocks.Select((block, i) => block.Points(LayerNames[i + 1], blocks / i))];
    }

    /// <summary>The embedding's and the blocks'.</summary>
    public string[] LayerNames { get; }

    /// <summary>Where methods reach inside.</summary>
    public BackboneBlock[] Points { get; }

    /// <summary>What stands behind the last block.</summary>
    public FinalNorm End { get; }

    /// <summary>The embedded tokens as the first block reads them.</summary>
    public Tensor Enter(Tensor embedded) => _dropout.forward(embedded);

    /// <summary>What goes into some blocks and what comes out of each.</summary>
    /// <param name="state">What goes into the first of them, <c>[B, N, D]</c>.</param>
    /// <param name="mask">Added to the scores of the tokens among themselves.</param>
    /// <param name="memory">What a decoder looks at.</param>
    /// <param name="blocks">Which of them.</param>
    public IReadOnlyList<Tensor> Through(Tensor state, Tensor? mask, AttentionMemory? memory, Range blocks)
    {
        var states = new List<Tensor> { state };
        foreach (T5Block block in _blocks[blocks])
        {
            states.Add(block.Forward(states[^1], mask, memory: memory));
        }

        return states;
    }
}
