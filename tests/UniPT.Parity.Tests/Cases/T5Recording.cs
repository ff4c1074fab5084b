using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.T5;

namespace UniPT.Parity.Tests.Cases;

/// <summary>What the recordings of T5 have in common.</summary>
internal static class T5Recording
{
    private const long Ignored = -100;

    /// <summary>Every hidden state, logits, loss and every gradient.</summary>
    public static void Check(GoldenFile file) => ModuleParity.Check(file, weights =>
    {
        var model = new T5Model(weights, Sizes(file.Config));
        BackboneOutput states = model.forward(Input(file, model));
        Dictionary<string, Tensor> outputs = Outputs(file, model, states[BackboneStream.Decoder].Layers[^1]);
        LstConfig.Add(outputs, "encoder_hidden", states[BackboneStream.Encoder].Layers);
        LstConfig.Add(outputs, "decoder_hidden", states[BackboneStream.Decoder].Layers);
        return outputs;
    });

    public static T5Config Sizes(JsonElement config) => new()
    {
        Vocabulary = config.Number("vocab_size"),
        Width = config.Number("d_model"),
        HeadWidth = config.Number("d_kv"),
        FeedForward = config.Number("d_ff"),
        Layers = config.Number("num_layers"),
        DecoderLayers = config.Number("num_decoder_layers"),
        Heads = config.Number("num_heads"),
        Buckets = config.Number("relative_attention_num_buckets"),
        Farthest = config.Number("relative_attention_max_distance", 128),
        Epsilon = config.Real("layer_norm_epsilon"),
        IsTied = config.Flag("tie_word_embeddings", true),
        IsGated = config.Text("feed_forward_proj", "relu") switch
        {
            "relu" => false,
            "gated-gelu" => true,
            { } other => throw new ParityException($"a T5 whose feed-forward network is {other} is not known"),
        },
    };

    /// <summary>The recorded texts, with the labels as the decoder is given them.</summary>
    public static BackboneInput Input(GoldenFile file, T5Model model) => new(
        (BackboneInput.TokensPart, file.Input("input_ids")),
        (BackboneInput.MaskPart, file.Input("attention_mask")),
        (T5Model.DecoderTokensPart, model.DecoderTokens(file.Input("labels"))));

    /// <summary>What is made of decoded features.</summary>
    public static Dictionary<string, Tensor> Outputs(GoldenFile file, T5Model model, Tensor decoded)
    {
        Tensor labels = file.Input("labels");
        Tensor logits = model.Logits(decoded);
        return new()
        {
            ["decoder_input_ids"] = model.DecoderTokens(labels),
            ["logits"] = logits,
            ["loss"] = nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index: Ignored),
        };
    }
}

/// <summary>T5 of the first version.</summary>
internal sealed class T5ReluCase : IParityCase
{
    public string Name => "t5-relu";

    public void Check(GoldenFile file) => T5Recording.Check(file);
}

/// <summary>T5 of version 1.1.</summary>
internal sealed class T5GatedGeluCase : IParityCase
{
    public string Name => "t5-gated-gelu";

    public void Check(GoldenFile file) => T5Recording.Check(file);
}
