using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Whisper;

/// <summary>
/// The encoder of Whisper: two convolutions over the frames of a log-mel spectrogram, of which the second halves their number, codes of positions,
/// and pre-norm Transformer layers (Radford et al., arXiv 2212.04356; Hugging Face Transformers' <c>WhisperEncoder</c>, under its state dict's names).
/// Hidden states are those of Hugging Face's <c>output_hidden_states</c>: what goes into the first layer and what comes out of every layer,
/// <c>[B, tokens, D]</c>, the last one normalised.
/// </summary>
/// <remarks>
/// Recordings are 30 seconds long, padded with silence, and all tokens count. Shorter ones are read too, with the first positions of the table; and
/// where a mask says which frames count, no token attends to those that do not.
/// </remarks>
public sealed class WhisperEncoder : Backbone
{
    /// <summary>As recipes name it.</summary>
    internal const string ArchitectureName = "whisper";

    // The second convolution's stride.
    private const int FramesPerToken = 2;

    private readonly WhisperConfig _config;
    private readonly Conv1d _first;
    private readonly Conv1d _second;
    private readonly Tensor _positions;
    private readonly PreNormBlock[] _layers;
    private readonly LayerNorm _norm;
    private readonly Prompt _prompt;

    /// <summary>Builds the encoder.</summary>
    /// <param name="weights">Where <c>conv1</c>, <c>conv2</c>, <c>embed_positions</c>, <c>layers</c> and <c>layer_norm</c> stand.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public WhisperEncoder(Weights weights, WhisperConfig config) : base(weights.Store)
    {
        _config = config;
        _first = new Conv1d(weights / "conv1", config.Bands, config.Width, 3, padding: 1);
        _second = new Conv1d(weights / "conv2", config.Width, config.Width, 3, FramesPerToken, padding: 1);

        // A computed table, which is never trained.
        Weights positions = weights / "embed_positions";
        _positions = positions.Parameter("weight", Codes, config.Positions, config.Width);
        positions.Exclude("weight");
        Weights layers = weights / "layers";
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => Block(layers / i, config))];
        _norm = new LayerNorm(weights / "layer_norm", config.Width, config.Epsilon);
        _prompt = new Prompt(config.Width);
        string[] names = ["embedding", .. Enumerable.Range(1, config.Layers).Select(i => $"layer {i}")];
        Streams = new(new BackboneStream(this, BackboneStream.Audio, HiddenLayout.Tokens, [.. names.Select(_ => config.Width)], names)
        {
            StepsPerToken = FramesPerToken,
            Blocks = [.. _layers.Select((layer, i) => layer.Points(names[i + 1], layers / i))],
            Prompt = _prompt,
            Cut = Cut,
        });
    }

    /// <summary>As recipes name it; the checkpoint may hold the decoder too, which is not read.</summary>
    public static BackboneArchitecture Architecture { get; } = new(ArchitectureName, [BackboneStream.Audio], weights =>
    {
        Weights[] places = [weights / "model" / "encoder", weights / "encoder"];
        foreach (string other in (string[])["model.decoder.", "decoder.", "proj_out."])
        {
            weights.Ignore(other);
        }

        Weights place = places.FirstOrDefault(found => found.Contains("conv1.weight")) ?? weights;
        return new WhisperEncoder(place, WhisperConfig.Of(place));
    });

    /// <inheritdoc/>
    public override string Name => ArchitectureName;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input) => new(BackboneStream.Audio, Run(input, _layers.Length));

    private CutBackbone Cut(int block) => new(
        Streams.Only, block, input => Run(input, block), (state, mask) => Through(block.., state, mask)[^1]);

    private HiddenStates Run(BackboneInput input, int layers)
    {
        Tensor signal = SignalInput.Require(Name, input, _config.Bands);
        if (signal.size(1) > _config.MaxFrames)
        {
            throw new UserException($"{Name} has positions for {_config.MaxFrames} frames; it was given {signal.size(1)}.");
        }

        // A token stands where its middle frame does.
        Tensor? mask = input.Mask?.slice(1, 0, signal.size(1), FramesPerToken);
        List<Tensor> states = Through(..layers, Embedded(signal), _prompt.Masked(mask));
        return new HiddenStates([.. states.Select(_prompt.Remove)], mask);
    }

    private Tensor Embedded(Tensor signal)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor frames = _first.forward(signal.to(Type).transpose(1, 2).contiguous());
        Activation.Gelu.Apply_(frames);
        Tensor halved = _second.forward(frames);
        Activation.Gelu.Apply_(halved);
        Tensor tokens = halved.transpose(1, 2).contiguous();
        tokens.Add_(_positions.narrow(0, 0, tokens.size(1)));
        return scope.MoveToOuter(_prompt.Prepend(tokens));
    }

    /// <summary>What goes into the first of some layers and what comes out of each, that of the network's last normalised.</summary>
    private List<Tensor> Through(Range layers, Tensor state, Tensor? mask)
    {
        Tensor? keys = AttentionMask.Keys(mask, _config.Heads, state.dtype);
        var states = new List<Tensor> { state };
        foreach (PreNormBlock layer in _layers[layers])
        {
            states.Add(layer.Forward(states[^1], keys));
        }

        if (layers.End.GetOffset(_layers.Length) == _layers.Length)
        {
            states[^1] = _norm.forward(states[^1]);
        }

        return states;
    }

    private static PreNormBlock Block(Weights place, WhisperConfig config)
    {
        Weights attention = place / "self_attn";
        Linear Square(string name, bool bias = true) => new(attention / name, config.Width, config.Width, bias);
        return new PreNormBlock(
            new LayerNorm(place / "self_attn_layer_norm", config.Width, config.Epsilon),
            new MultiHeadAttention(Square("q_proj"), Square("k_proj", bias: false), Square("v_proj"), Square("out_proj"), config.Heads),
            new LayerNorm(place / "final_layer_norm", config.Width, config.Epsilon),
            new FeedForward(new Linear(place / "fc1", config.Width, config.FeedForward), new Linear(place / "fc2", config.FeedForward, config.Width), Activation.Gelu));
    }

    private static void Codes(Tensor table)
    {
        using Tensor codes = TensorData.From(SinusoidTable.Of((int)table.size(0), (int)table.size(1)), table.shape);
        table.copy_(codes);
    }
}
