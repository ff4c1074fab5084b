using UniPT.Backbones.Pretrained;

namespace UniPT.Backbones.Bert;

/// <summary>What Hugging Face's <c>config.json</c> tells of a network, under its keys.</summary>
internal sealed record BertConfigFile
{
    public required int NumAttentionHeads { get; init; }

    public string? ModelType { get; init; }

    public string HiddenAct { get; init; } = "gelu";

    public string PositionEmbeddingType { get; init; } = "absolute";

    public double? LayerNormEps { get; init; }

    public int? PadTokenId { get; init; }

    public double? HiddenDropoutProb { get; init; }

    public double? AttentionProbsDropoutProb { get; init; }

    public long? VocabSize { get; init; }

    public long? HiddenSize { get; init; }

    public long? NumHiddenLayers { get; init; }

    public long? IntermediateSize { get; init; }

    public long? MaxPositionEmbeddings { get; init; }

    public long? TypeVocabSize { get; init; }

    /// <summary>The file in the checkpoint's folder; null without one.</summary>
    /// <exception cref="UserException">It cannot be read, or lacks the number of heads.</exception>
    internal static ConfigFile<BertConfigFile>? Beside(string? checkpoint) => ConfigFile<BertConfigFile>.Beside(checkpoint, "BERT or RoBERTa");

    /// <summary>The sizes that the shapes tell, with what the file says.</summary>
    /// <exception cref="UserException">It says something else than the shapes, or something that is not known.</exception>
    internal static BertConfig Apply(ConfigFile<BertConfigFile> file, BertConfig sizes)
    {
        BertConfigFile said = file.Values;
        file.Require("model_type", said.ModelType ?? sizes.Name, said.ModelType is null || said.ModelType == sizes.Name, sizes.Name);
        file.RequireSize("vocab_size", said.VocabSize, sizes.Vocabulary);
        file.RequireSize("hidden_size", said.HiddenSize, sizes.Width);
        file.RequireSize("num_hidden_layers", said.NumHiddenLayers, sizes.Layers);
        file.RequireSize("intermediate_size", said.IntermediateSize, sizes.FeedForward);
        file.RequireSize("max_position_embeddings", said.MaxPositionEmbeddings, sizes.Positions);
        file.RequireSize("type_vocab_size", said.TypeVocabSize, sizes.Segments);
        file.Require("hidden_act", said.HiddenAct, said.HiddenAct == "gelu", "gelu");
        file.Require("position_embedding_type", said.PositionEmbeddingType, said.PositionEmbeddingType == "absolute", "absolute");
        file.Require(
            "num_attention_heads", said.NumAttentionHeads, said.NumAttentionHeads > 0 && sizes.Width % said.NumAttentionHeads == 0, $"a divisor of {sizes.Width}");
        double epsilon = said.LayerNormEps ?? sizes.Epsilon;
        file.Require("layer_norm_eps", epsilon, epsilon is > 0 and < 1, "a number between 0 and 1");
        int padding = said.PadTokenId ?? sizes.Padding;
        file.Require("pad_token_id", padding, padding >= 0 && padding < sizes.Vocabulary, $"a number from 0 to {sizes.Vocabulary - 1}");
        double dropout = said.HiddenDropoutProb ?? sizes.Dropout;
        file.Require("hidden_dropout_prob", dropout, dropout is >= 0 and < 1, "a number from 0 to 1");
        double ofAttention = said.AttentionProbsDropoutProb ?? sizes.AttentionDropout;
        file.Require("attention_probs_dropout_prob", ofAttention, ofAttention is >= 0 and < 1, "a number from 0 to 1");
        return sizes with { Heads = said.NumAttentionHeads, Epsilon = epsilon, Padding = padding, Dropout = dropout, AttentionDropout = ofAttention };
    }
}
