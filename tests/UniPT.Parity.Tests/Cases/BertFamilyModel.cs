using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.Bert;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Every hidden state, the pooler and every gradient of BERT or RoBERTa on a padded batch.</summary>
internal static class BertFamilyModel
{
    public static void Check(GoldenFile file, BertFamily family) => ModuleParity.Check(file, weights =>
    {
        var encoder = new BertEncoder(weights, Config(file.Config, family));
        int[] lengths = [.. file.Config.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt32())];
        Tensor? segments = file.Has("input.token_type_ids") ? file.Input("token_type_ids") : null;
        HiddenStates states = encoder.forward(new BackboneInput(file.Input("input_ids"), lengths, segments));
        Comparison.Same(file, "input.attention_mask", file.Input("attention_mask").to(ScalarType.Float32), states.Mask()!);
        Dictionary<string, Tensor> outputs = RecordedStates.Named(states);
        outputs.Add("pooled", encoder.Pool(states));
        return outputs;
    });

    private static BertConfig Config(JsonElement config, BertFamily family)
    {
        int Number(string name) => config.GetProperty(name).GetInt32();
        return new BertConfig
        {
            Family = family,
            Vocabulary = Number("vocab_size"),
            Width = Number("hidden_size"),
            Layers = Number("num_hidden_layers"),
            Heads = Number("num_attention_heads"),
            FeedForward = Number("intermediate_size"),
            Positions = Number("max_position_embeddings"),
            Segments = Number("type_vocab_size"),
            Epsilon = config.GetProperty("layer_norm_eps").GetDouble(),
            Padding = config.TryGetProperty("pad_token_id", out JsonElement padding) ? padding.GetInt32() : 0,
        };
    }
}
