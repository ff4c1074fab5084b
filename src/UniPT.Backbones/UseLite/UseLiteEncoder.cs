using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.UseLite;

/// <summary>
/// Universal Sentence Encoder Lite: embedding and two pre-norm Transformer layers (TF-Hub
/// <c>tfjs-model/universal-sentence-encoder-lite/1</c>). Hidden states are the embedding and both layers' outputs, 0 at
/// padding; texts are cut to <see cref="MaxTokens"/>.
/// </summary>
public sealed class UseLiteEncoder : Backbone
{
    /// <summary>Tokens that are read of a text.</summary>
    public const int MaxTokens = 128;

    private const int VocabularySize = 8002;
    private const int EmbeddingWidth = 256;
    private const int Width = 512;
    private const int FeedForwardWidth = 1536;
    private const int Heads = 4;
    private const double Epsilon = 1e-6;
    private static readonly float[] Timing = SinusoidTable.Of(MaxTokens, EmbeddingWidth);
    private readonly Embedding _embeddings;
    private readonly Linear _head;
    private readonly Prompt _prompt;

    /// <summary>Builds the network.</summary>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public UseLiteEncoder(Weights weights) : base(weights.Store)
    {
        _embeddings = new Embedding(weights / "embeddings", VocabularySize, EmbeddingWidth);
        _prompt = new Prompt(EmbeddingWidth, MaxTokens, count => _embeddings.First(count) * Scalars.Of(2));
        Weights layers = weights / "layers";
        Layers = [Block(layers / 0, EmbeddingWidth), Block(layers / 1, Width)];
        string[] names = ["embedding", "layer 1", "layer 2"];
        Streams = new(new BackboneStream(this, BackboneStream.Text, HiddenLayout.Tokens, [EmbeddingWidth, Width, Width], names)
        {
            Blocks = [.. Layers.Select((layer, i) => layer.Points(names[i + 1], layers / i))],
            Prompt = _prompt,
            Cut = Cut,
        });
        Weights head = weights / "head";
        _head = new Linear(head, Width, Width);
        head.Exclude("weight", "bias");
    }

    /// <summary>As recipes name it.</summary>
    public static BackboneArchitecture Architecture { get; } = new("use_lite", [BackboneStream.Text], weights => new UseLiteEncoder(weights), UseLiteTokenizer.Open);

    /// <inheritdoc/>
    public override string Name => Architecture.Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    public override int? Vocabulary => VocabularySize;

    /// <summary>The two Transformer layers.</summary>
    internal IReadOnlyList<PreNormBlock> Layers { get; }

    /// <summary>Sentence embeddings of length 1, <c>[B, 512]</c>, from the hidden states.</summary>
    public Tensor Embed(HiddenStates states)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor embedding = _head.forward(Pool(states)).tanh();
        return scope.MoveToOuter(embedding * embedding.pow(Scalars.Of(2)).sum(-1, keepdim: true).clamp_min(Scalars.Of(1e-12)).rsqrt());
    }

    /// <summary>Means over the valid tokens, <c>[B, 512]</c>; 0 for a text without any.</summary>
    internal static Tensor Pool(HiddenStates states)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor tokens = states.Layers[^1];
        return scope.MoveToOuter(states.Mask is { } mask ? tokens.sum(1) / TokenMask.Counts(mask) : tokens.mean([1]));
    }

    private CutBackbone Cut(int block) => new(
        Streams.Only, block, input => Run(input, block), (state, mask) => Through(Layers.Skip(block), state, mask)[^1]);

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input) => new(BackboneStream.Text, Run(input, Layers.Count));

    private HiddenStates Run(BackboneInput input, int layers)
    {
        var text = new TokenSequence(Name, input, _prompt);
        List<Tensor> states = Through(Layers.Take(layers), WithoutPadding(Embedded(text.Ids), text.Valid?.unsqueeze(-1)), text.Valid);
        return new HiddenStates([.. states.Select(_prompt.Remove)], text.Mask);
    }

    /// <summary>What goes in and what comes out of every layer.</summary>
    private static List<Tensor> Through(IEnumerable<PreNormBlock> layers, Tensor state, Tensor? mask)
    {
        Tensor? tokens = mask?.unsqueeze(-1);
        Tensor? keys = AttentionMask.Keys(mask, Heads, state.dtype);
        var states = new List<Tensor> { state };
        foreach (PreNormBlock layer in layers)
        {
            states.Add(WithoutPadding(layer.Forward(states[^1], keys), tokens));
        }

        return states;
    }

    private Tensor Embedded(Tensor ids)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor embedded = _prompt.Prepend(_embeddings.forward(ids) * Scalars.Of(2));
        long width = embedded.size(1);
        embedded.Add_(TensorData.From(Timing.AsSpan(0, (int)width * EmbeddingWidth), width, EmbeddingWidth).to(ids.device));
        return scope.MoveToOuter(embedded);
    }

    private static Tensor WithoutPadding(Tensor states, Tensor? tokens)
    {
        if (tokens is not null)
        {
            states.mul_(tokens);
        }

        return states;
    }

    private static PreNormBlock Block(Weights weights, int input)
    {
        Weights attention = weights / "attention";
        return new PreNormBlock(
            new LayerNorm(weights / "attention_norm", input, Epsilon),
            new MultiHeadAttention(new Linear(attention / "qkv", input, 3 * input), input, new Linear(attention / "out", input, Width), Heads),
            new LayerNorm(weights / "ffn_norm", Width, Epsilon),
            new FeedForward(
                new Linear(weights / "ffn" / "up", Width, FeedForwardWidth), new Linear(weights / "ffn" / "down", FeedForwardWidth, Width), Activation.Relu),
            input == Width ? null : new Linear(weights / "residual", input, Width));
    }
}
