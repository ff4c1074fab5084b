using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Clip;

/// <summary>
/// CLIP's text Transformer, in which no token sees later ones (Radford et al., arXiv 2103.00020; OpenAI's <c>CLIP</c>, under
/// its state dict's names). Hidden states are what goes into the first block and what comes out of every block,
/// <c>[B, N, D]</c>; what stands at padding means nothing; pooled are the projected tokens at each text's end.
/// Texts are cut to <see cref="ClipTextConfig.MaxTokens"/>.
/// </summary>
public sealed class ClipText : Backbone
{
    private readonly ClipTextConfig _config;
    private readonly Embedding _words;
    private readonly Tensor _positions;
    private readonly ClipTransformer _transformer;
    private readonly ClipProjection _projection;
    private readonly Prompt _prompt;

    /// <summary>Builds the tower.</summary>
    /// <param name="weights">Where <c>transformer</c> stands.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public ClipText(Weights weights, ClipTextConfig config) : base(weights.Store)
    {
        _config = config;
        _words = new Embedding(weights / "token_embedding", config.Vocabulary, config.Width);
        _positions = weights.Parameter("positional_embedding", Initializers.Normal(0.01), config.MaxTokens, config.Width);
        _transformer = new ClipTransformer(weights / "transformer", config.Width, config.Layers, config.Heads, config.Epsilon);
        _projection = new ClipProjection(weights / "ln_final", weights, "text_projection", config.Width, config.Output, config.Epsilon);
        _prompt = new Prompt(config.Width, config.MaxTokens, count => _words.First(count));
        Streams = new(_transformer.Stream(this, BackboneStream.Text, config.Output, _prompt, Cut));
    }

    /// <summary>As recipes name it; the checkpoint may hold both towers.</summary>
    public static BackboneArchitecture Architecture { get; } = new("clip_text", [BackboneStream.Text], weights =>
    {
        ClipCheckpoint.IgnoreImage(weights);
        return new ClipText(weights, ClipTextConfig.Of(weights));
    }, ClipTokenizer.Open);

    /// <inheritdoc/>
    public override string Name => Architecture.Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> OfPooled => _projection.Parameters;

    /// <inheritdoc/>
    public override int? Vocabulary => _config.Vocabulary;

    /// <summary>Tokens of the last hidden state in the space of the embeddings, <c>[…, D] → […, output]</c>.</summary>
    public Tensor Project(Tensor tokens) => _projection.forward(tokens);

    private CutBackbone Cut(int block) => new(
        Streams.Only,
        block,
        input => Run(Read(input), ..block),
        (state, _) => _transformer.Forward(state, _prompt, block.., AttentionMask.Causal(state.size(1), state.device, state.dtype))[^1]);

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input)
    {
        TokenSequence text = Read(input);
        HiddenStates states = Run(text, ..);

        // The largest id of CLIP's vocabulary ends a text.
        Tensor ends = text.Ids.argmax(1);
        return new(BackboneStream.Text, states with { Pooled = Project(At(ends, states.Layers[^1])), Summary = ends });
    }

    /// <summary>The texts; one that is cut keeps its end, where the pooled output is read, as OpenAI's tokenizer keeps it.</summary>
    private TokenSequence Read(BackboneInput input)
    {
        var text = new TokenSequence(Name, input, _prompt);
        long last = text.Ids.size(1) - 1;
        if (input.Tokens.size(1) - 1 == last)
        {
            return text;
        }

        Tensor kept = text.Ids.clone();
        Tensor final = kept.narrow(1, last, 1);
        final.copy_(torch.where(input.Tokens.argmax(1).gt(Scalars.Of(last)).unsqueeze(1), input.Tokens.amax([1], true), final));
        return new TokenSequence(Name, BackboneInput.Texts(kept, text.Mask), _prompt);
    }

    private HiddenStates Run(TokenSequence text, Range blocks) => new(
        _transformer.Forward(Embedded(text), _prompt, blocks, AttentionMask.Causal(text.Width, text.Ids.device, Type)), text.Mask);

    /// <summary>Each row's token at its place, <c>[B, D]</c>.</summary>
    private Tensor At(Tensor places, Tensor tokens) => tokens.gather(1, places.view(-1, 1, 1).expand(-1, 1, _config.Width)).squeeze(1);

    private Tensor Embedded(TokenSequence text)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor embedded = _prompt.Prepend(_words.forward(text.Ids));
        embedded.Add_(_positions.narrow(0, 0, text.Width));
        return scope.MoveToOuter(embedded);
    }
}
