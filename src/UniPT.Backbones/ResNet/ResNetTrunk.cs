using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.ResNet;

/// <summary>A stem and four stages of residual blocks: what the networks here that look like ResNet have in common.</summary>
internal sealed class ResNetTrunk
{
    /// <summary>Pixels of a picture's side to one cell of the last map.</summary>
    internal const int CoarsestStride = 32;

    private readonly ResNetConfig _config;
    private readonly MapSequence _modules;
    private readonly ResNetBlock[] _blocks;
    private readonly BackboneBlock[] _points;
    private readonly int[] _stages;

    /// <param name="weights">Where <c>layer1</c> stands.</param>
    /// <param name="config">Its sizes.</param>
    /// <param name="stem">What comes before the stages; it brings pixels to the stride 4.</param>
    internal ResNetTrunk(Weights weights, ResNetConfig config, Module stem)
    {
        _config = config;
        var blocks = new List<ResNetBlock>();
        var points = new List<BackboneBlock>();
        var ends = new List<int>();
        int channels = config.Stem;
        for (int stage = 0; stage < config.Blocks.Count; stage++)
        {
            Weights place = weights / $"layer{stage + 1}";
            for (int i = 0; i < config.Blocks[stage]; i++)
            {
                blocks.Add(new ResNetBlock(place / i, config, stage, channels, i == 0 && stage > 0 ? 2 : 1));
                points.Add(blocks[^1].Points($"layer{stage + 1}.{i}"));
                channels = config.Widths[stage];
            }

            // The stem is the first module.
            ends.Add(blocks.Count);
        }

        (_blocks, _points, _stages) = ([.. blocks], [.. points], [.. ends]);
        _modules = new MapSequence([stem, .. blocks]);
    }

    /// <summary>The stream of the network that these stages are.</summary>
    /// <param name="network">The network.</param>
    /// <param name="normalized">What goes into the stem, of the network's input.</param>
    /// <param name="pooled">As <see cref="BackboneStream.PooledWidth"/>.</param>
    internal BackboneStream Stream(Backbone network, Func<BackboneInput, Tensor> normalized, int? pooled = null)
    {
        BackboneStream? stream = null;
        return stream = new BackboneStream(network, BackboneStream.Image, HiddenLayout.Maps, _config.Widths, ["stride 4", "stride 8", "stride 16", "stride 32"])
        {
            PooledWidth = pooled,
            Blocks = _points,
            Cut = block => Cut(stream!, normalized, block),
        };
    }

    /// <summary>The last maps of the stages, of pixels that are normalised already.</summary>
    internal IReadOnlyList<Tensor> Forward(Tensor normalized) => _modules.Forward(normalized, 0, _stages);

    /// <summary>The last map alone, without memory for those of the other stages.</summary>
    internal Tensor Last(Tensor normalized) => _modules.Forward(normalized, 0, _stages[^1])[0];

    private CutBackbone Cut(BackboneStream stream, Func<BackboneInput, Tensor> normalized, int block)
    {
        // Block b is module b + 1, and what goes into it comes out of module b.
        int[] early = [.. _stages.Where(stage => stage < block), block];
        return new CutBackbone(
            stream,
            [.. stream.Widths.Take(early.Length - 1), _blocks[block].Input],
            [.. stream.LayerNames.Take(early.Length - 1), $"before {stream.Blocks[block].Name}"],
            input => new HiddenStates(_modules.Forward(normalized(input), 0, early)),
            (state, _) => _modules.Forward(state, block + 1, _modules.Count - 1)[0]);
    }
}
