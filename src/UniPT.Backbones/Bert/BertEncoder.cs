using UniPT.Backbones.Layers;
using UniPT.Backbones.Tokenizers;
using UniPT.Torch;

namespace UniPT.Backbones.Bert;

/// <summary>
/// BERT or RoBERTa: embedding and post-norm Transformer layers, with dropout in training (Hugging Face Transformers'
/// <c>BertModel</c> and <c>RobertaModel</c>, under their state dicts' names). Hidden states are the normalised embedding and
/// the output of every layer; what stands at padding means nothing. Texts are cut to
/// <see cref="BertConfig.MaxTokens"/>.
/// </summary>
public sealed class BertEncoder : Backbone
{
    private readonly BertConfig _config;
    private readonly BertEmbeddings _embeddings;
    private readonly PostNormBlock[] _layers;
    private readonly Linear? _pooler;
    private readonly Prompt _prompt;

    /// <summary>Builds the network.</summary>
    /// <param name="weights">Where <c>embeddings</c>, <c>encoder</c> and <c>pooler</c> stand.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public BertEncoder(Weights weights, BertConfig config) : base(weights.Store)
    {
        _config = config;
        _embeddings = new BertEmbeddings(weights / "embeddings", config);
        Weights layers = weights / "encoder" / "layer";
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => BertLayers.Block(layers / i, config))];
        Weights pooler = weights / "pooler" / "dense";
        if (config.Pooler)
        {
            _pooler = new Linear(pooler, config.Width, config.Width);
            pooler.Exclude("weight", "bias");
        }

        string[] names = ["embedding", .. Enumerable.Range(1, config.Layers).Select(i => $"layer {i}")];
        _prompt = new Prompt(config.Width, config.MaxTokens, _embeddings.Words);
        Streams = new(new BackboneStream(this, BackboneStream.Text, HiddenLayout.Tokens, [.. names.Select(_ => config.Width)], names)
        {
            Blocks = [.. _layers.Select((layer, i) => layer.Points(names[i + 1], layers / i))],
            Prompt = _prompt,
            Cut = Cut,
        });
    }

    /// <summary>BERT as recipes name it.</summary>
    public static BackboneArchitecture Bert { get; } = Architecture(BertFamily.Bert, "cls.", BertTokenizer.Open);

    /// <summary>RoBERTa as recipes name it.</summary>
    public static BackboneArchitecture Roberta { get; } = Architecture(BertFamily.Roberta, "lm_head.", RobertaTokenizer.Open);

    /// <inheritdoc/>
    public override string Name => _config.Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    public override int? Vocabulary => _config.Vocabulary;

    /// <summary>The pooler's tanh of the first token of the last hidden state, <c>[B, D]</c>.</summary>
    /// <exception cref="InvalidOperationException">The network has no pooler.</exception>
    public Tensor Pool(HiddenStates states)
    {
        Linear pooler = _pooler ?? throw new InvalidOperationException($"This {Name} has no pooler.");
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(pooler.forward(states.Layers[^1].select(1, 0)).tanh());
    }

    private CutBackbone Cut(int block) => new(
        Streams.Only, block, input => Run(input, block), (state, mask) => Through(_layers.Skip(block), state, mask)[^1]);

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input) => new(BackboneStream.Text, Run(input, _layers.Length));

    private HiddenStates Run(BackboneInput input, int layers)
    {
        var text = new TokenSequence(Name, input, _prompt);
        List<Tensor> states = Through(_layers.Take(layers), _embeddings.Forward(text, _prompt), text.Valid);
        return new HiddenStates([.. states.Select(_prompt.Remove)], text.Mask);
    }

    /// <summary>What goes in and what comes out of every layer.</summary>
    private List<Tensor> Through(IEnumerable<PostNormBlock> layers, Tensor state, Tensor? mask)
    {
        Tensor? keys = AttentionMask.Keys(mask, _config.Heads, state.dtype);
        var states = new List<Tensor> { state };
        foreach (PostNormBlock layer in layers)
        {
            states.Add(layer.Forward(states[^1], keys));
        }

        return states;
    }

    /// <summary>Reads a checkpoint whose names start with the family's, or do not, and that may hold a pretraining head.</summary>
    private static BackboneArchitecture Architecture(BertFamily family, string head, Func<string, Tokenizer> openTokenizer)
    {
        string name = family.ToString().ToLowerInvariant();
        return new(name, [BackboneStream.Text], weights =>
        {
            weights.Ignore(head);
            Weights prefixed = weights / name;
            Weights place = prefixed.Contains("embeddings.word_embeddings.weight") ? prefixed : weights;
            return new BertEncoder(place, BertConfig.Of(family, place));
        }, openTokenizer);
    }
}
