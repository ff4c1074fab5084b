namespace UniPT.Tasks.VideoRetrieval;

/// <summary>Video–text retrieval: texts find their film and films their texts in one space (CLIP4Clip with mean pooling).</summary>
public sealed record VideoRetrievalOptions
{
    /// <summary>
    /// Width of the space; null for the backbones' own: beside CLIP the form <c>clip4clip</c> of <c>unipt</c> and methods that reach inside the backbone give its
    /// embeddings, of which the published systems take the cosine. Methods that only read hidden states need a width.
    /// </summary>
    [OptionRange(8, 8192)]
    public int? Embedding { get; init; }

    /// <summary>What cosines are multiplied by before the softmax, or where that starts when it is learned; CLIP's is 100.</summary>
    [OptionRange(1, 100)]
    public double LogitScale { get; init; } = 100;

    /// <summary>Whether that factor is trained, as a logarithm and up to 100. The published UniPT keeps it, full fine-tuning trains it.</summary>
    public bool LearnLogitScale { get; init; }
}
