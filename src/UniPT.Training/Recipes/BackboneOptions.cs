using UniPT.Backbones;
using UniPT.Backbones.Pretrained;

namespace UniPT.Training.Recipes;

/// <summary>A pretrained backbone, and which of its hidden states are read.</summary>
public sealed record BackboneOptions
{
    /// <summary>The backbone's architecture.</summary>
    public required string Architecture { get; init; }

    /// <summary>
    /// The pretrained weights: a file of safetensors or PyTorch's, or a folder with one, with <c>#part</c> behind it for a part of it (docs/weights.md); a model that
    /// <c>unipt models</c> lists, which is fetched when it is first needed; or <c>hf:organisation/name</c>, a model in Hugging Face's local cache. Null for an
    /// architecture that has none, as <c>regions</c>.
    /// </summary>
    [OptionPath(OrModel = true)]
    public string? Weights { get; init; }

    /// <summary>
    /// The tokenizer's vocabulary, a file or a folder with it, for a backbone that reads text: <c>vocab.txt</c> or <c>tokenizer.json</c> for <c>bert</c> and <c>clip_vil</c>, <c>vocab.json</c> with
    /// <c>merges.txt</c> or <c>tokenizer.json</c> for <c>roberta</c> and <c>mdetr</c>, those or <c>bpe_simple_vocab_16e6.txt.gz</c> for <c>clip_text</c>. Or a model that
    /// <c>unipt models</c> lists, or <c>hf:organisation/name</c>. Null for the one that lies beside the weights.
    /// </summary>
    [OptionPath(OrModel = true)]
    public string? Vocabulary { get; init; }

    /// <summary>
    /// Whether the method leaves this backbone alone and only a projection of its last hidden state trains: for methods that
    /// are not defined for it.
    /// </summary>
    public bool Frozen { get; init; }

    /// <summary>Indices of the hidden states that the method reads, first to last; an empty list takes all.</summary>
    [OptionRange(0, 1023)]
    public OptionList<int> Layers { get; init; } = [];

    /// <summary>Of the encoder's hidden states those that are read beside a decoder's; an empty list takes all. For networks of encoder and decoder.</summary>
    [OptionRange(0, 1023)]
    public OptionList<int> MemoryLayers { get; init; } = [];

    /// <summary>
    /// Whether the frozen backbone is in training mode while the method trains, as the published code of every system leaves it: its dropout acts, so that hidden states
    /// cannot be kept, and the batch norms of <c>clip_vil</c> take the statistics of each batch and move their own. In evaluation it makes no difference but by those.
    /// </summary>
    public bool TrainingMode { get; init; }

    /// <summary>Where the weights are, as <see cref="UniPT.Torch.TensorFile.Open"/> takes it; null for an architecture without.</summary>
    /// <exception cref="UserException">They are a model's that cannot be fetched, or is not in the hub cache.</exception>
    public string? WeightsFile => Weights is null ? null : PretrainedModels.WeightsOf(Weights);

    /// <summary>A backbone's stream with the hidden states that are read of it.</summary>
    /// <exception cref="UserException">It has fewer.</exception>
    public BackboneStream Selected(BackboneStream stream)
    {
        IReadOnlyList<int> layers = Layers.Count > 0 ? Layers : [.. Enumerable.Range(0, stream.Widths.Count)];
        return MemoryLayers.Count > 0 ? stream.Select(layers, MemoryLayers) : Layers.Count > 0 ? stream.Select(layers) : stream;
    }

    /// <summary>The file or folder with the vocabulary.</summary>
    /// <exception cref="UserException">It is a model's that cannot be fetched.</exception>
    public string VocabularyPlace => Vocabulary is null ? PretrainedModels.VocabularyBeside(Weights ?? "") : PretrainedModels.VocabularyOf(Vocabulary);
}
