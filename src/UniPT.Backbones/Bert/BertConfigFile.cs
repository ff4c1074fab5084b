using System.Text.Json;

namespace UniPT.Backbones.Bert;

/// <summary>What Hugging Face's <c>config.json</c> tells of a network and its weights' shapes do not, under its keys.</summary>
internal sealed record BertConfigFile
{
    private static readonly JsonSerializerOptions Keys = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private string _path = "";

    public required int NumAttentionHeads { get; init; }

    public string? ModelType { get; init; }

    public string HiddenAct { get; init; } = "gelu";

    public string PositionEmbeddingType { get; init; } = "absolute";

    public double? LayerNormEps { get; init; }

    public int? PadTokenId { get; init; }

    public double? HiddenDropoutProb { get; init; }

    public double? AttentionProbsDropoutProb { get; init; }

    /// <summary>The file in the checkpoint's folder; null without one.</summary>
    /// <exception cref="UserException">It cannot be read, or lacks the number of heads.</exception>
    internal static BertConfigFile? Beside(string? checkpoint)
    {
        string path = Path.Combine(Path.GetDirectoryName(checkpoint) ?? "", "config.json");
        if (checkpoint is null || !File.Exists(path))
        {
            return null;
        }

        try
        {
            string text = TextFile.Read(path, "a network's configuration");
            BertConfigFile read = JsonSerializer.Deserialize<BertConfigFile>(text, Keys) ?? throw new JsonException("it is null");
            return read with { _path = path };
        }
        catch (JsonException error)
        {
            throw new UserException($"{path} is no configuration of a BERT or RoBERTa: {error.Message}", error);
        }
    }

    /// <summary>The sizes with what the file says.</summary>
    /// <exception cref="UserException">It says something else than the shapes, or something that is not known.</exception>
    internal BertConfig Applied(BertConfig sizes)
    {
        Require("model_type", ModelType ?? sizes.Name, ModelType is null || ModelType == sizes.Name, sizes.Name);
        Require("hidden_act", HiddenAct, HiddenAct == "gelu", "gelu");
        Require("position_embedding_type", PositionEmbeddingType, PositionEmbeddingType == "absolute", "absolute");
        Require(
            "num_attention_heads", NumAttentionHeads, NumAttentionHeads > 0 && sizes.Width % NumAttentionHeads == 0, $"a divisor of {sizes.Width}");
        double epsilon = LayerNormEps ?? sizes.Epsilon;
        Require("layer_norm_eps", epsilon, epsilon is > 0 and < 1, "a number between 0 and 1");
        int padding = PadTokenId ?? sizes.Padding;
        Require("pad_token_id", padding, padding >= 0 && padding < sizes.Vocabulary, $"a number from 0 to {sizes.Vocabulary - 1}");
        double dropout = HiddenDropoutProb ?? sizes.Dropout;
        Require("hidden_dropout_prob", dropout, dropout is >= 0 and < 1, "a number from 0 to 1");
        double ofAttention = AttentionProbsDropoutProb ?? sizes.AttentionDropout;
        Require("attention_probs_dropout_prob", ofAttention, ofAttention is >= 0 and < 1, "a number from 0 to 1");
        return sizes with { Epsilon = epsilon, Padding = padding, Dropout = dropout, AttentionDropout = ofAttention };
    }

    private void Require(string key, object found, bool holds, string expected)
    {
        if (!holds)
        {
            throw new UserException(FormattableString.Invariant($"{_path}: {key} is {found}; expected {expected}."));
        }
    }
}
