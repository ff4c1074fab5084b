using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>The residual blocks that both towers consist of: pre-norm, with QuickGELU, under OpenAI's names.</summary>
internal sealed class ClipTransformer
{
    private const int Expansion = 4;
    private readonly PreNormBlock[] _layers;
    private readonly int[] _widths;
    private readonly string[] _layerNames;
    private readonly BackboneBlock[] _blocks;

    /// <param name="weights">Where <c>resblocks</c> stands.</param>
    /// <param name="width">Width of every hidden state.</param>
    /// <param name="layers">Blocks.</param>
    /// <param name="heads">Heads of every attention.</param>
    /// <param name="epsilon">ε of the layer norms.</param>
    internal ClipTransformer(Weights weights, int width, int layers, int heads, double epsilon)
    {
        Weights places = weights / "resblocks";
        _layers = [.. Enumerable.Range(0, layers).Select(i => Block(places / i, width, heads, epsilon))];
        _layerNames = ["embedding", .. Enumerable.Range(1, layers).Select(i => $"layer {i}")];
        _widths = [.. Enumerable.Repeat(width, layers + 1)];
        _blocks = [.. _layers.Select((layer, i) => layer.Points(_layerNames[i + 1], places / i))];
    }

    /// <summary>The stream of a tower that these blocks are.</summary>
    internal BackboneStream Stream(Backbone tower, string name, int pooled, Prompt prompt, Func<int, CutBackbone> cut) =>
        new(tower, name, HiddenLayout.Tokens, _widths, _layerNames) { PooledWidth = pooled, Blocks = _blocks, Prompt = prompt, Cut = cut };

    /// <summary>What goes into the first of some blocks and what comes out of each, all without the prompt.</summary>
    internal IReadOnlyList<Tensor> Forward(Tensor state, Prompt prompt, Range blocks, Tensor? mask = null)
    {
        var states = new List<Tensor> { prompt.Remove(state) };
        foreach (PreNormBlock layer in _layers[blocks])
        {
            state = layer.Forward(state, mask);
            states.Add(prompt.Remove(state));
        }

        return states;
    }

    private static PreNormBlock Block(Weights place, int width, int heads, double epsilon)
    {
        Weights attention = place / "attn";
        return new PreNormBlock(
            new LayerNorm(place / "ln_1", width, epsilon),
            new MultiHeadAttention(
                new Linear(attention.StartingWith("in_proj_"), width, 3 * width), width, new Linear(attention / "out_proj", width, width), heads),
            new LayerNorm(place / "ln_2", width, epsilon),
            new FeedForward(
                new Linear(place / "mlp" / "c_fc", width, Expansion * width),
                new Linear(place / "mlp" / "c_proj", Expansion * width, width),
                Activation.QuickGelu));
    }
}
