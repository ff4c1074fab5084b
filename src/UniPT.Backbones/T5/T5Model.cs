using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.T5;

/// <summary>
/// T5 (Raffel et al., JMLR 2020, arXiv 1910.10683), in both versions (Hugging Face Transformers' <c>T5ForConditionalGeneration</c>, under its state
/// dict's names). The hidden states of encoder and decoder are the embedding and the output of every block, of the last one after the final
/// norm; <see cref="HiddenStates.BeforeNorm"/> is that before it. It reads <c>tokens</c> and <c>mask</c> and, for the decoder's stream, <c>decoder_tokens</c>, which
/// begin with the start token, and <c>decoder_mask</c>; no token of the decoder sees later ones. What stands at padding means nothing.
/// </summary>
public sealed class T5Model : Backbone
{
    /// <summary>The input part with the decoder's token ids, <c>[B, M]</c>.</summary>
    public const string DecoderTokensPart = "decoder_tokens";

    /// <summary>The input part that says which of them count.</summary>
    public const string DecoderMaskPart = "decoder_mask";

    // Of what LST, SHERL and the adapters put beside T5, in their public code.
    private const double Deviation = 0.01;
    private const long Ignored = -100;
    private readonly Embedding _words;
    private readonly T5Stack _encoder;
    private readonly T5Stack _decoder;
    private readonly LinearMap _output;
    private readonly Prompt _prompt;

    /// <summary>Builds the network.</summary>
    /// <param name="weights">Where <c>shared</c>, <c>encoder</c>, <c>decoder</c> and <c>lm_head</c> stand.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public T5Model(Weights weights, T5Config config) : base(weights.Store)
    {
        Config = config;
        weights.Alias("shared.weight", "encoder.embed_tokens.weight");
        _words = new Embedding(weights / "shared", config.Vocabulary, config.Width);
        _encoder = new T5Stack(weights / "encoder", config, decodes: false);
        _decoder = new T5Stack(weights / "decoder", config, decodes: true);
        _output = config.IsTied
            ? new TiedOutput(weights / "shared", _words, Math.Pow(config.Width, -0.5))
            : new Linear(weights / "lm_head", config.Width, config.Vocabulary, bias: false, Initializers.Normal(1));
        _prompt = new Prompt(config.Width, words: count => _words.First(count));
        BackboneStream encoder = Stream(BackboneStream.Encoder, _encoder, null, weights / "decoder", weights / "lm_head");
        Streams = new(encoder, Stream(BackboneStream.Decoder, _decoder, encoder));
    }

    /// <summary>As recipes name it. A checkpoint may hold the token vectors several times, and tables of positions of the first version's that nothing reads.</summary>
    public static BackboneArchitecture Architecture { get; } = new("t5", [BackboneStream.Encoder, BackboneStream.Decoder], weights =>
    {
        T5Config config = T5Config.Of(weights);
        weights.Ignore("encoder.embed_tokens.");
        weights.Ignore("decoder.embed_tokens.");
        weights.Ignore("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.");
        if (config.IsTied)
        {
            weights.Ignore("lm_head.");
        }

        return new T5Model(weights, config);
    }, T5Tokenizer.Open);

    /// <summary>Its sizes.</summary>
    public T5Config Config { get; }

    /// <inheritdoc/>
    public override string Name => Architecture.Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    public override int? Vocabulary => Config.Vocabulary;

    /// <summary>The score of every token, <c>[…, D] → […, vocabulary]</c>, of what the decoder or a method beside it gives.</summary>
    public Tensor Logits(Tensor decoded) => _output.forward(decoded);

    /// <summary>What the decoder is given to learn labels: the start token, then all labels but the last, <c>[B, M]</c>.</summary>
    /// <param name="labels">Token ids <c>[B, M]</c>; −100 where none is to be learned, which is padding then.</param>
    public Tensor DecoderTokens(Tensor labels)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor known = labels.masked_fill(labels.eq(Scalars.Of(Ignored)), Scalars.Of(Config.Start));
        return scope.MoveToOuter(nn.functional.pad(known.narrow(1, 0, labels.size(1) - 1), [1, 0], value: Config.Start));
    }

    /// <summary>Encodes texts once, to decode them token by token, as <see cref="TokenGeneration"/> does.</summary>
    /// <param name="input">With <c>tokens</c> and, where not all count, <c>mask</c>.</param>
    public T5Decoding Begin(BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return new T5Decoding(this, TorchErrors.Explain(() => Encode(input)).Repeated(1));
    }

    /// <summary>The decoder behind what was encoded.</summary>
    internal HiddenStates Decode(T5Encoding encoding, Tensor tokens, Tensor? mask)
    {
        (IReadOnlyList<Tensor> states, Tensor? valid) = Decode(encoding, tokens, mask, ..);
        return Given(states, _decoder.End.forward(states[^1]), valid);
    }

    /// <summary>The decoder's blocks before one, behind what was encoded.</summary>
    internal HiddenStates DecodeBefore(int block, T5Encoding encoding, Tensor tokens, Tensor? mask)
    {
        (IReadOnlyList<Tensor> states, Tensor? valid) = Decode(encoding, tokens, mask, ..block);
        return new HiddenStates(states, valid);
    }

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input)
    {
        T5Encoding encoding = Encode(input);
        return input.Find(DecoderTokensPart) is { } tokens
            ? new((BackboneStream.Encoder, encoding.States), (BackboneStream.Decoder, Decode(encoding, tokens, input.Find(DecoderMaskPart))))
            : new(BackboneStream.Encoder, encoding.States);
    }

    /// <summary>The encoder alone.</summary>
    private T5Encoding Encode(BackboneInput input)
    {
        (IReadOnlyList<Tensor> states, TokenSequence text) = Encode(input, ..);
        Tensor last = _encoder.End.forward(states[^1]);

        // The decoder sees the prompt too.
        return new T5Encoding(Given([.. states.Select(_prompt.Remove)], _prompt.Remove(last), text.Mask), new AttentionMemory(last, AttentionMask.Keys(text.Valid, Config.Heads)));
    }

    private (IReadOnlyList<Tensor> States, TokenSequence Text) Encode(BackboneInput input, Range blocks)
    {
        var text = new TokenSequence(Name, input, _prompt);
        Tensor embedded = _encoder.Enter(_prompt.Prepend(_words.forward(text.Ids)));
        return (_encoder.Through(embedded, AttentionMask.Keys(text.Valid, Config.Heads), null, blocks), text);
    }

    private (IReadOnlyList<Tensor> States, Tensor? Mask) Decode(T5Encoding encoding, Tensor tokens, Tensor? mask, Range blocks)
    {
        var text = new TokenSequence(Name, BackboneInput.Texts(tokens, mask), new Prompt(Config.Width));
        return (_decoder.Through(_decoder.Enter(_words.forward(text.Ids)), Earlier(text.Width, text.Mask), encoding.Memory, blocks), text.Mask);
    }

    /// <summary>The encoder's blocks before one; those behind give what is before the norm.</summary>
    private CutBackbone CutEncoder(int block) => new(
        Streams[BackboneStream.Encoder],
        block,
        input =>
        {
            (IReadOnlyList<Tensor> states, TokenSequence text) = Encode(input, ..block);
            return new HiddenStates([.. states.Select(_prompt.Remove)], text.Mask);
        },
        (state, mask) => _encoder.Through(state, AttentionMask.Keys(mask, Config.Heads), null, block..)[^1]);

    /// <summary>The decoder's blocks before one, beside the whole encoder; those behind read another memory, and give what is before the norm.</summary>
    private CutBackbone CutDecoder(int block) => new(
        Streams[BackboneStream.Decoder],
        block,
        input =>
        {
            T5Encoding encoding = Encode(input);
            return DecodeBefore(block, encoding, input[DecoderTokensPart], input.Find(DecoderMaskPart)) with { Memory = encoding.States.Unnormed };
        },
        (state, mask, memory) => _decoder.Through(
            state, Earlier(state.size(1), mask), new AttentionMemory(memory!.Layers[^1], AttentionMask.Keys(memory.Mask, Config.Heads)), block..)[^1]);

    private Tensor Earlier(long width, Tensor? mask) => AttentionMask.CausalKeys(width, mask, Config.Heads, Store.Device);

    private static HiddenStates Given(IReadOnlyList<Tensor> states, Tensor last, Tensor? mask) =>
        new([.. states.SkipLast(1), last], mask) { BeforeNorm = states[^1] };

    private BackboneStream Stream(string name, T5Stack stack, BackboneStream? memory, params IReadOnlyList<Weights> unread) =>
        new(this, name, HiddenLayout.Tokens, [.. stack.LayerNames.Select(_ => Config.Width)], stack.LayerNames)
        {
            Blocks = stack.Points,
            Prompt = _prompt,
            Memory = memory,
            IsAutoregressive = memory is not null,
            Output = memory is null ? null : _output,
            Cut = memory is null ? CutEncoder : CutDecoder,
            Unread = unread,
            End = stack.End,
            Words = _words.Weight,
            NewLinears = Initializers.Normal(Deviation),
        };
}

/// <summary>What the encoder made of texts.</summary>
/// <param name="States">Its hidden states, without a prompt.</param>
/// <param name="Memory">What the decoder looks at, a prompt included.</param>
internal sealed record T5Encoding(HiddenStates States, AttentionMemory Memory)
{
    /// <summary>All tensors.</summary>
    public IEnumerable<Tensor> Tensors => States.Tensors.Append(Memory.Tokens).Concat(Memory.Mask is { } mask ? [mask] : []);

    /// <summary>The same with every text several times, one behind the other, in tensors of its own.</summary>
    public T5Encoding Repeated(long times)
    {
        Tensor Rows(Tensor tensor) => times == 1 ? tensor.alias() : tensor.repeat_interleave(times, 0);

        // The mask has a row for every head of a text.
        Tensor? mask = Memory.Mask is { } hidden ? hidden.view(Memory.Tokens.size(0), -1, hidden.size(-1)).repeat_interleave(times, 0).view(-1, 1, hidden.size(-1)) : null;
        return new T5Encoding(States.Map(Rows), new AttentionMemory(Rows(Memory.Tokens), mask));
    }
}
