using UniPT.Backbones.Layers;
using UniPT.Backbones.Pretrained;
using UniPT.Torch;

namespace UniPT.Backbones.Bert;

/// <summary>Sizes of a BERT or RoBERTa; without changes those of <c>bert-base-uncased</c>.</summary>
public sealed record BertConfig
{
    /// <summary>Sizes of <c>roberta-base</c>.</summary>
    public static BertConfig RobertaBase { get; } = new()
    {
        Family = BertFamily.Roberta,
        Vocabulary = 50265,
        Positions = 514,
        Segments = 1,
        Epsilon = 1e-5,
        Padding = 1,
    };

    /// <summary>How positions are counted.</summary>
    public BertFamily Family { get; init; }

    /// <summary>Token ids.</summary>
    public int Vocabulary { get; init; } = 30522;

    /// <summary>Width of every hidden state.</summary>
    public int Width { get; init; } = 768;

    /// <summary>Transformer layers.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Heads of every attention; they divide the width.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width between the two maps of a feed-forward network.</summary>
    public int FeedForward { get; init; } = 3072;

    /// <summary>Rows of the position table.</summary>
    public int Positions { get; init; } = 512;

    /// <summary>Rows of the segment (token type) table.</summary>
    public int Segments { get; init; } = 2;

    /// <summary>Between those two maps.</summary>
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>ε of the layer norms.</summary>
    public double Epsilon { get; init; } = 1e-12;

    /// <summary>Share of features that are left out at random while the network trains, behind embedding, attention and feed-forward network.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The same of attention weights.</summary>
    public double AttentionDropout { get; init; } = 0.1;

    /// <summary>The padding token, whose vector is never trained.</summary>
    public int Padding { get; init; }

    /// <summary>Whether the rows of that number in the tables of positions and segments are never trained either, as in LXMERT's code.</summary>
    internal bool PadsAllTables { get; init; }

    /// <summary>Whether there is a pooler, which reads the first token of the last hidden state.</summary>
    public bool Pooler { get; init; } = true;

    /// <summary>Position of the first token.</summary>
    public int FirstPosition => Family == BertFamily.Roberta ? Padding + 1 : 0;

    /// <summary>Tokens that are read of a text.</summary>
    public int MaxTokens => Positions - FirstPosition;

    /// <summary>As recipes name it.</summary>
    internal string Name => Family.ToString().ToLowerInvariant();

    /// <summary>
    /// The sizes that a checkpoint's shapes tell. The rest is what Hugging Face's <c>config.json</c> beside it says; without
    /// one it is the published networks'.
    /// </summary>
    /// <param name="family">Which network the checkpoint should be.</param>
    /// <param name="weights">Where <c>embeddings</c> and <c>encoder</c> stand.</param>
    /// <exception cref="UserException">The checkpoint is another network's, or the configuration is.</exception>
    internal static BertConfig Of(BertFamily family, Weights weights)
    {
        BertConfig published = family == BertFamily.Roberta ? RobertaBase : new();
        long[] words = weights.Shape("embeddings.word_embeddings.weight", 2);
        ConfigFile<BertConfigFile>? file = BertConfigFile.Beside(weights.Store.Path);
        BertConfig sizes = published with
        {
            Vocabulary = (int)words[0],
            Width = (int)words[1],
            Layers = (weights / "encoder" / "layer").CountWith("attention.self.query.weight"),
            Heads = file is null ? HeadCount.Of(words[1], published.Name) : 1,
            FeedForward = (int)weights.Shape("encoder.layer.0.intermediate.dense.weight", 2)[0],
            Positions = (int)weights.Shape("embeddings.position_embeddings.weight", 2)[0],
            Segments = (int)weights.Shape("embeddings.token_type_embeddings.weight", 2)[0],
            Pooler = weights.Contains("pooler.dense.weight"),
        };
        return file is null ? sizes : BertConfigFile.Apply(file, sizes);
    }
}

/// <summary>The networks that share BERT's layers.</summary>
public enum BertFamily
{
    /// <summary>Positions count from 0 (Devlin et al., arXiv 1810.04805).</summary>
    Bert,

    /// <summary>Positions count from behind the padding token's, which all padding has (Liu et al., arXiv 1907.11692).</summary>
    Roberta,
}
