using UniPT.Backbones.Pretrained;

namespace UniPT.Backbones.T5;

/// <summary>What Hugging Face's <c>config.json</c> tells of a T5, under its keys. Sizes must be those of the weights' shapes.</summary>
internal sealed record T5ConfigFile
{
    private static readonly string[] Families = ["t5", "mt5"];

    public string? ModelType { get; init; }

    public long? NumHeads { get; init; }

    public long? DKv { get; init; }

    public string? FeedForwardProj { get; init; }

    public bool? TieWordEmbeddings { get; init; }

    public int? RelativeAttentionMaxDistance { get; init; }

    public double? LayerNormEpsilon { get; init; }

    public double? DropoutRate { get; init; }

    public int? DecoderStartTokenId { get; init; }

    public int? EosTokenId { get; init; }

    public long? VocabSize { get; init; }

    public long? DModel { get; init; }

    public long? DFf { get; init; }

    public long? NumLayers { get; init; }

    public long? NumDecoderLayers { get; init; }

    public long? RelativeAttentionNumBuckets { get; init; }

    /// <summary>The file in the checkpoint's folder; null without one.</summary>
    /// <exception cref="UserException">It cannot be read.</exception>
    internal static ConfigFile<T5ConfigFile>? Beside(string? checkpoint) => ConfigFile<T5ConfigFile>.Beside(checkpoint, "T5");

    /// <summary>The sizes with what the file says.</summary>
    /// <exception cref="UserException">It says something else than the shapes, or something that is not known.</exception>
    internal static T5Config Apply(ConfigFile<T5ConfigFile> file, T5Config sizes)
    {
        T5ConfigFile said = file.Values;
        file.Require("model_type", said.ModelType ?? Families[0], Families.Contains(said.ModelType ?? Families[0]), "t5 or mt5");
        file.RequireSize("vocab_size", said.VocabSize, sizes.Vocabulary);
        file.RequireSize("d_model", said.DModel, sizes.Width);
        file.RequireSize("d_ff", said.DFf, sizes.FeedForward);
        file.RequireSize("d_kv", said.DKv, sizes.HeadWidth);
        file.RequireSize("num_heads", said.NumHeads, sizes.Heads);
        file.RequireSize("num_layers", said.NumLayers, sizes.Layers);
        file.RequireSize("num_decoder_layers", said.NumDecoderLayers, sizes.DecoderLayers);
        file.RequireSize("relative_attention_num_buckets", said.RelativeAttentionNumBuckets, sizes.Buckets);
        string feedForward = sizes.IsGated ? "gated-gelu" : "relu";
        file.Require("feed_forward_proj", said.FeedForwardProj ?? feedForward, (said.FeedForwardProj ?? feedForward) == feedForward, $"{feedForward}, which the weights are for");
        int farthest = said.RelativeAttentionMaxDistance ?? sizes.Farthest;
        file.Require("relative_attention_max_distance", farthest, farthest > sizes.Buckets / 2, $"more than {sizes.Buckets / 2}");
        double epsilon = said.LayerNormEpsilon ?? sizes.Epsilon;
        file.Require("layer_norm_epsilon", epsilon, epsilon is > 0 and < 1, "a number between 0 and 1");
        double dropout = said.DropoutRate ?? sizes.Dropout;
        file.Require("dropout_rate", dropout, dropout is >= 0 and < 1, "a number from 0 to 1");
        int start = said.DecoderStartTokenId ?? sizes.Start;
        file.Require("decoder_start_token_id", start, start >= 0 && start < sizes.Vocabulary, $"a number from 0 to {sizes.Vocabulary - 1}");
        int end = said.EosTokenId ?? sizes.End;
        file.Require("eos_token_id", end, end >= 0 && end < sizes.Vocabulary, $"a number from 0 to {sizes.Vocabulary - 1}");
        return sizes with
        {
            Farthest = farthest,
            Epsilon = epsilon,
            Dropout = dropout,
            Start = start,
            End = end,
            IsTied = said.TieWordEmbeddings ?? sizes.IsTied,
        };
    }
}
