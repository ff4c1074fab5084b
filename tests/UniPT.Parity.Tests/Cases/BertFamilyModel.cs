using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.Layers;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Every hidden state, the pooler and every gradient of BERT or RoBERTa on a padded batch.</summary>
internal static class BertFamilyModel
{
    public static void Check(GoldenFile file, BertFamily family) => ModuleParity.Check(
        file,
        weights =>
        {
            var encoder = new BertEncoder(weights, Sizes(file.Config, family));
            StateNames.Check(file, encoder, Name);
            int[]? lengths = file.Config.Numbers("lengths");
            Tensor? segments = file.Has("input.token_type_ids") ? file.Input("token_type_ids") : null;
            HiddenStates states = encoder.forward(new BackboneInput(file.Input("input_ids"), lengths, segments)).Only;
            if (states.Mask is { } mask)
            {
                Comparison.Same(file, "input.attention_mask", file.Input("attention_mask").to(ScalarType.Float32), mask);
            }

            Dictionary<string, Tensor> outputs = RecordedStates.Named(states);
            outputs.Add("pooled", encoder.Pool(states));
            return outputs;
        },
        Name);

    // Positions are counted, not stored.
    private static string? Name(string name) => name.EndsWith("position_ids") ? null : name;

    private static BertConfig Sizes(JsonElement config, BertFamily family) => new()
    {
        Family = family,
        Vocabulary = config.Number("vocab_size"),
        Width = config.Number("hidden_size"),
        Layers = config.Number("num_hidden_layers"),
        Heads = config.Number("num_attention_heads"),
        FeedForward = config.Number("intermediate_size"),
        Positions = config.Number("max_position_embeddings"),
        Segments = config.Number("type_vocab_size"),
        Epsilon = config.Real("layer_norm_eps"),
        Padding = config.Number("pad_token_id", family == BertFamily.Roberta ? 1 : 0),
        Activation = config.Text("hidden_act", "gelu") switch
        {
            "gelu" => Activation.Gelu,
            "relu" => Activation.Relu,
            "quick_gelu" => Activation.QuickGelu,
            { } other => throw new ParityException($"the activation {other} is not known"),
        },
    };
}
