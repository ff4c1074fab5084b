using UniPT.Backbones.Layers;
using UniPT.Backbones.Pretrained;
using UniPT.Torch;

namespace UniPT.Backbones.Whisper;

/// <summary>Sizes of the encoder of a Whisper (Radford et al., arXiv 2212.04356); without changes those of <c>openai/whisper-base</c>.</summary>
public sealed record WhisperConfig
{
    /// <summary>Sizes of <c>openai/whisper-tiny</c>.</summary>
    public static WhisperConfig Tiny { get; } = new() { Width = 384, Layers = 4, Heads = 6, FeedForward = 1536 };

    /// <summary>Sizes of <c>openai/whisper-base</c>.</summary>
    public static WhisperConfig Base { get; } = new();

    /// <summary>Sizes of <c>openai/whisper-small</c>.</summary>
    public static WhisperConfig Small { get; } = new() { Width = 768, Layers = 12, Heads = 12, FeedForward = 3072 };

    /// <summary>Sizes of <c>openai/whisper-medium</c>.</summary>
    public static WhisperConfig Medium { get; } = new() { Width = 1024, Layers = 24, Heads = 16, FeedForward = 4096 };

    /// <summary>Sizes of <c>openai/whisper-large</c> and <c>openai/whisper-large-v2</c>.</summary>
    public static WhisperConfig Large { get; } = new() { Width = 1280, Layers = 32, Heads = 20, FeedForward = 5120 };

    /// <summary>Sizes of <c>openai/whisper-large-v3</c>, which hears 128 bands.</summary>
    public static WhisperConfig LargeV3 { get; } = Large with { Bands = 128 };

    /// <summary>Bands of the log-mel spectrogram.</summary>
    public int Bands { get; init; } = 80;

    /// <summary>Width of every hidden state.</summary>
    public int Width { get; init; } = 512;

    /// <summary>Transformer layers.</summary>
    public int Layers { get; init; } = 6;

    /// <summary>Heads of every attention; they divide the width.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>Width between the two maps of a feed-forward network.</summary>
    public int FeedForward { get; init; } = 2048;

    /// <summary>Rows of the position table: tokens that are read of a recording, each of two frames of the spectrogram.</summary>
    public int Positions { get; init; } = 1500;

    /// <summary>ε of the layer norms.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Frames of the spectrogram that are read of a recording, 100 a second.</summary>
    public int MaxFrames => 2 * Positions;

    /// <summary>The sizes that a checkpoint's shapes tell, and the heads of Hugging Face's <c>config.json</c> beside it, else one for 64 channels.</summary>
    /// <param name="weights">Where <c>conv1</c> stands.</param>
    /// <exception cref="UserException">The checkpoint is another network's, or the configuration is.</exception>
    internal static WhisperConfig Of(Weights weights)
    {
        long[] first = weights.Shape("conv1.weight", 3);
        var sizes = new WhisperConfig
        {
            Bands = (int)first[1],
            Width = (int)first[0],
            Layers = (weights / "layers").CountWith("self_attn.q_proj.weight"),
            FeedForward = (int)weights.Shape("layers.0.fc1.weight", 2)[0],
            Positions = (int)weights.Shape("embed_positions.weight", 2)[0],
        };
        return ConfigFile<WhisperConfigFile>.Beside(weights.Store.Path, "Whisper") is { } file
            ? WhisperConfigFile.Apply(file, sizes)
            : sizes with { Heads = HeadCount.Of(first[0], WhisperEncoder.ArchitectureName) };
    }

    /// <summary>What <c>config.json</c> says. Its rates of dropout are those of training Whisper from the start and not applied.</summary>
    private sealed record WhisperConfigFile
    {
        public required int EncoderAttentionHeads { get; init; }

        public string ModelType { get; init; } = WhisperEncoder.ArchitectureName;

        public string ActivationFunction { get; init; } = "gelu";

        public long? DModel { get; init; }

        public long? EncoderLayers { get; init; }

        public long? EncoderFfnDim { get; init; }

        public long? NumMelBins { get; init; }

        public long? MaxSourcePositions { get; init; }

        /// <exception cref="UserException">It says something else than the shapes, or something that is not known.</exception>
        internal static WhisperConfig Apply(ConfigFile<WhisperConfigFile> file, WhisperConfig sizes)
        {
            WhisperConfigFile said = file.Values;
            file.Require("model_type", said.ModelType, said.ModelType == WhisperEncoder.ArchitectureName, WhisperEncoder.ArchitectureName);
            file.Require("activation_function", said.ActivationFunction, said.ActivationFunction == "gelu", "gelu");
            file.RequireSize("d_model", said.DModel, sizes.Width);
            file.RequireSize("encoder_layers", said.EncoderLayers, sizes.Layers);
            file.RequireSize("encoder_ffn_dim", said.EncoderFfnDim, sizes.FeedForward);
            file.RequireSize("num_mel_bins", said.NumMelBins, sizes.Bands);
            file.RequireSize("max_source_positions", said.MaxSourcePositions, sizes.Positions);
            int heads = said.EncoderAttentionHeads;
            file.Require("encoder_attention_heads", heads, heads > 0 && sizes.Width % heads == 0, $"a divisor of {sizes.Width}");
            return sizes with { Heads = heads };
        }
    }
}
