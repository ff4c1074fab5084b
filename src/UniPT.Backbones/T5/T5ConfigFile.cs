using System.Text.Json;

namespace UniPT.Backbones.T5;

/// <summary>What Hugging Face's <c>config.json</c> tells of a T5, under its keys. Sizes must be those of the weights' shapes.</summary>
internal sealed record T5ConfigFile
{
    private static readonly JsonSerializerOptions Keys = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly string[] Families = ["t5", "mt5"];
    private string _path = "";

    public string? ModelType { get; init; }

    public int? NumHeads { get; init; }

    public int? DKv { get; init; }

    public string? FeedForwardProj { get; init; }

    public bool? TieWordEmbeddings { get; init; }

    public int? RelativeAttentionMaxDistance { get; init; }

    public double? LayerNormEpsilon { get; init; }

    public double? DropoutRate { get; init; }

    public int? DecoderStartTokenId { get; init; }

    public int? EosTokenId { get; init; }

    /// <summary>The file in the checkpoint's folder; null without one.</summary>
    /// <exception cref="UserException">It cannot be read.</exception>
    internal static T5ConfigFile? Beside(string? checkpoint)
    {
        string path = Path.Combine(Path.GetDirectoryName(checkpoint) ?? "", "config.json");
        if (checkpoint is null || !File.Exists(path))
        {
            return null;
        }

        try
        {
            string text = TextFile.Read(path, "a network's configuration");
            return (JsonSerializer.Deserialize<T5ConfigFile>(text, Keys) ?? throw new JsonException("it is null")) with { _path = path };
        }
        catch (JsonException error)
        {
            throw new UserException($"{path} is no configuration of a T5: {error.Message}", error);
        }
    }

    /// <summary>The sizes with what the file says.</summary>
    /// <exception cref="UserException">It says something else than the shapes, or something that is not known.</exception>
    internal T5Config Applied(T5Config sizes)
    {
        Require("model_type", ModelType, Families.Contains(ModelType ?? Families[0]), "t5 or mt5");
        Require("num_heads", NumHeads, (NumHeads ?? sizes.Heads) == sizes.Heads, $"{sizes.Heads}, for which the weights have scores of positions");
        Require("d_kv", DKv, (DKv ?? sizes.HeadWidth) == sizes.HeadWidth, $"{sizes.HeadWidth}, which the weights of {sizes.Heads} heads have");
        string feedForward = sizes.IsGated ? "gated-gelu" : "relu";
        Require("feed_forward_proj", FeedForwardProj, (FeedForwardProj ?? feedForward) == feedForward, $"{feedForward}, which the weights are for");
        int farthest = RelativeAttentionMaxDistance ?? sizes.Farthest;
        Require("relative_attention_max_distance", farthest, farthest > sizes.Buckets / 2, $"more than {sizes.Buckets / 2}");
        double epsilon = LayerNormEpsilon ?? sizes.Epsilon;
        Require("layer_norm_epsilon", epsilon, epsilon is > 0 and < 1, "a number between 0 and 1");
        double dropout = DropoutRate ?? sizes.Dropout;
        Require("dropout_rate", dropout, dropout is >= 0 and < 1, "a number from 0 to 1");
        int start = DecoderStartTokenId ?? sizes.Start;
        Require("decoder_start_token_id", start, start >= 0 && start < sizes.Vocabulary, $"a number from 0 to {sizes.Vocabulary - 1}");
        int end = EosTokenId ?? sizes.End;
        Require("eos_token_id", end, end >= 0 && end < sizes.Vocabulary, $"a number from 0 to {sizes.Vocabulary - 1}");
        return sizes with
        {
            Farthest = farthest,
            Epsilon = epsilon,
            Dropout = dropout,
            Start = start,
            End = end,
            IsTied = TieWordEmbeddings ?? sizes.IsTied,
        };
    }

    private void Require(string key, object? found, bool holds, string expected)
    {
        if (!holds)
        {
            throw new UserException(FormattableString.Invariant($"{_path}: {key} is {found}; expected {expected}."));
        }
    }
}
