using UniPT.Backbones.Bert;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Mdetr;

/// <summary>MDETR behind the network of its pictures: the texts' network, the encoder of both in one sequence, and the decoder of learned queries.</summary>
internal sealed class MdetrTransformer
{
    private const double ResizerEpsilon = 1e-12;
    private readonly MdetrConfig _config;
    private readonly Conv2d _cells;
    private readonly Embedding _queries;
    private readonly BertEncoder _text;
    private readonly Linear _resizer;
    private readonly LayerNorm _resizerNorm;
    private readonly Dropout _resizerDropout;
    private readonly PostNormBlock[] _encoder;
    private readonly MdetrDecoderLayer[] _decoder;
    private readonly LayerNorm _norm;

    /// <summary>Takes <c>input_proj</c>, <c>query_embed</c> and <c>transformer</c>.</summary>
    internal MdetrTransformer(Weights weights, MdetrConfig config)
    {
        _config = config;
        _cells = new Conv2d(weights / "input_proj", config.Image.Widths[^1], config.Width, 1);
        _queries = new Embedding(weights / "query_embed", config.Queries, config.Width);
        Weights transformer = weights / "transformer";
        _text = new BertEncoder(transformer / "text_encoder", config.Text);
        Weights resizer = transformer / "resizer";
        _resizer = new Linear(resizer / "fc", config.Text.Width, config.Width);
        _resizerNorm = new LayerNorm(resizer / "layer_norm", config.Width, ResizerEpsilon);
        _resizerDropout = new Dropout(resizer, config.Dropout);
        Weights Encoder(int layer) => transformer / "encoder" / "layers" / layer;
        Weights Decoder(int layer) => transformer / "decoder" / "layers" / layer;
        _encoder = [.. Enumerable.Range(0, config.EncoderLayers).Select(i => MdetrLayers.Block(Encoder(i), config, "norm2"))];
        _decoder = [.. Enumerable.Range(0, config.DecoderLayers).Select(i => new MdetrDecoderLayer(Decoder(i), config))];
        _norm = MdetrLayers.Norm(transformer / "decoder" / "norm", config);
        EncoderBlocks = [.. _encoder.Select((layer, i) => layer.Points($"encoder layer {i + 1}", Encoder(i)))];
        DecoderBlocks = [.. _decoder.Select((layer, i) => layer.Points($"decoder layer {i + 1}", Decoder(i)))];
    }

    /// <summary>The encoder's layers.</summary>
    internal IReadOnlyList<BackboneBlock> EncoderBlocks { get; }

    /// <summary>The decoder's layers.</summary>
    internal IReadOnlyList<BackboneBlock> DecoderBlocks { get; }

    /// <summary>The front of the texts.</summary>
    internal Prompt Prompt => _text.Streams.Only.Prompt!;

    /// <summary>
    /// The encoder's hidden states <c>[B, h·w + N, D]</c>, with the mask of cells and text tokens, and the decoder's <c>[B, Q, D]</c>, of which the last alone is
    /// normalised.
    /// </summary>
    /// <param name="maps">The last maps of the pictures, <c>[B, C, h, w]</c>.</param>
    /// <param name="valid">1 for cells that count, 0 for padding, <c>[B, h, w]</c> float32.</param>
    /// <param name="texts">As many texts.</param>
    internal (HiddenStates Encoder, HiddenStates Decoder) Forward(Tensor maps, Tensor valid, BackboneInput texts)
    {
        HiddenStates read = _text.forward(texts).Only;
        Tensor words = Resize(read.Layers[^1]);
        Tensor joint = torch.cat([_cells.forward(maps).flatten(2).transpose(1, 2), words], 1);
        Tensor positions = torch.cat([SinePositions.Of(valid, _config.Width).flatten(1, 2).to(words.dtype), words.zeros_like()], 1);
        Tensor mask = torch.cat([valid.flatten(1), read.Mask ?? torch.ones(words.shape[..2], device: words.device)], 1);
        Tensor? hidden = AttentionMask.Keys(mask, _config.Heads, words.dtype);
        var encoded = new List<Tensor> { joint };
        foreach (PostNormBlock layer in _encoder)
        {
            encoded.Add(layer.Forward(encoded[^1], hidden, positions));
        }

        return (new HiddenStates(encoded, mask), new HiddenStates(Decode(new MdetrMemory(encoded[^1], encoded[^1].Add(positions), hidden))));
    }

    /// <summary>A text's last hidden state in the width of the encoder.</summary>
    internal Tensor Resize(Tensor words) => _resizerDropout.forward(_resizerNorm.forward(_resizer.forward(words)));

    private List<Tensor> Decode(MdetrMemory memory)
    {
        Tensor queries = _queries.First(_config.Queries).unsqueeze(0);
        var decoded = new List<Tensor> { torch.zeros([memory.Values.size(0), .. queries.shape[1..]], dtype: queries.dtype, device: queries.device) };
        foreach (MdetrDecoderLayer layer in _decoder)
        {
            decoded.Add(layer.Forward(decoded[^1], queries, memory));
        }

        decoded[^1] = _norm.forward(decoded[^1]);
        return decoded;
    }
}
