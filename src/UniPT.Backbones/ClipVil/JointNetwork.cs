using UniPT.Backbones.Bert;
using UniPT.Torch;

namespace UniPT.Backbones.ClipVil;

/// <summary>What stands behind Clip-ViL's image tower: embeddings of words, joint layers and pooler.</summary>
internal sealed class JointNetwork
{
    private readonly BertEmbeddings _embeddings;
    private readonly Linear _pooler;

    /// <param name="weights">Where <c>embeddings</c>, <c>encoder</c> and <c>pooler</c> stand.</param>
    /// <param name="config">Its sizes.</param>
    /// <param name="channels">Channels of the picture's cells.</param>
    internal JointNetwork(Weights weights, BertConfig config, int channels)
    {
        BertConfig sizes = config with { PadsAllTables = true };
        _embeddings = new BertEmbeddings(weights / "embeddings", sizes);
        Encoder = new JointEncoder(weights / "encoder", sizes, channels);
        Weights pooler = weights / "pooler" / "dense";
        _pooler = new Linear(pooler, sizes.Width, sizes.Width);
        pooler.Exclude("weight", "bias");
        Prompt = new Prompt(sizes.Width, sizes.MaxTokens, _embeddings.Words);
    }

    /// <summary>The joint layers.</summary>
    internal JointEncoder Encoder { get; }

    /// <summary>In front of the text.</summary>
    internal Prompt Prompt { get; }

    /// <summary>What goes into the first of some layers and what comes out of each, <c>[B, N + cells, D]</c>, with the mask of both.</summary>
    /// <param name="text">The words.</param>
    /// <param name="cells">The cells of a picture for every text, <c>[B, cells, C]</c>.</param>
    /// <param name="layers">Which layers.</param>
    internal HiddenStates Forward(TokenSequence text, Tensor cells, Range layers)
    {
        Tensor joined = Encoder.Joined(_embeddings.Forward(text, Prompt), cells);
        List<Tensor> states = Encoder.Forward(joined, JointEncoder.Mask(text.Valid, cells.size(1)), layers);
        return new HiddenStates([.. states.Select(Prompt.Remove)], JointEncoder.Mask(text.Mask, cells.size(1)));
    }

    /// <summary>The pooler's weights, which no method reads: they are kept out of training until a task says that it does.</summary>
    internal IReadOnlyList<Parameter> PoolerWeights => [.. new[] { _pooler.Weight, _pooler.Bias }.Cast<Parameter>()];

    /// <summary>The pooler's map of the first token, <c>[B, N, D] → [B, D]</c>.</summary>
    internal Tensor Pool(Tensor tokens)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        // Of a frozen network in another type, for a head in the tokens' own.
        return scope.MoveToOuter(_pooler.forward(tokens.select(1, 0)).to(tokens.dtype));
    }
}
