namespace UniPT.Backbones.Bert;

/// <summary>The networks that share BERT's layers.</summary>
public enum BertFamily
{
    /// <summary>Positions count from 0 (Devlin et al., arXiv 1810.04805).</summary>
    Bert,

    /// <summary>Positions count from behind the padding token's, which all padding has (Liu et al., arXiv 1907.11692).</summary>
    Roberta,
}
