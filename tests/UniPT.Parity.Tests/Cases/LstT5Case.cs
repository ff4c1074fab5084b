using System.Text.Json;
using UniPT.Backbones.Layers;
using UniPT.Parity.Tests.Cases.T5;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The ladders beside T5's encoder and decoder, from token ids to logits and loss.</summary>
internal sealed class LstT5Case : IParityCase
{
    private const long Ignored = -100;

    public string Name => "lst-t5";

    public void Check(GoldenFile file)
    {
        JsonElement config = file.Config;
        Dictionary<string, int[]> kept = new()
        {
            ["encoder"] = LstConfig.Kept(config, "encoder_side_layers", config.Number("num_layers")),
            ["decoder"] = LstConfig.Kept(config, "decoder_side_layers", config.Number("num_decoder_layers")),
        };
        ModuleParity.Check(file, Forward, name => kept.TryGetValue(name.Split('.')[0], out int[]? layers) && LstConfig.IsDropped(name, layers) ? null : name);

        IReadOnlyDictionary<string, Tensor> Forward(Weights weights)
        {
            T5Sizes sizes = T5Sizes.Of(config);
            Tensor words = weights.Parameter("shared.weight", Initializers.Zeros, config.Number("vocab_size"), sizes.Width);
            var encoder = new T5Ladder(weights / "encoder", config, config.Number("num_layers"), kept["encoder"], decodes: false);
            var decoder = new T5Ladder(weights / "decoder", config, config.Number("num_decoder_layers"), kept["decoder"], decodes: true);
            var up = new Linear(weights / "side_final_upsample", sizes.Reduced(config.Number("task_reduction_factor")).Width, sizes.Width, config.Flag("add_bias_sampling", true));
            Tensor labels = file.Input("labels");
            Tensor padding = Padding(file);
            (IReadOnlyList<Tensor> encoded, IReadOnlyList<Tensor> side) = encoder.Forward(Embedding.Lookup(words, file.Input("input_ids")), padding);
            Tensor before = nn.functional.pad(Known(labels).narrow(1, 0, labels.size(1) - 1), [1, 0]);
            (IReadOnlyList<Tensor> decoded, IReadOnlyList<Tensor> sideDecoded) = decoder.Forward(
                Embedding.Lookup(words, before), AttentionMask.Causal(before.size(1)), new T5Memory(encoded[^1], padding), new T5Memory(side[^1], padding));
            Tensor logits = nn.functional.linear((up.forward(sideDecoded[^1]) * Scalars.Of(Math.Pow(sizes.Width, -0.5))), words);
            Dictionary<string, Tensor> outputs = new() { ["logits"] = logits, ["loss"] = Loss(logits, labels) };
            LstConfig.Add(outputs, "encoder_hidden", encoded);
            LstConfig.Add(outputs, "encoder_side", side);
            LstConfig.Add(outputs, "decoder_hidden", decoded);
            LstConfig.Add(outputs, "decoder_side", sideDecoded);
            return outputs;
        }
    }

    /// <summary>Hides the tokens that do not count, <c>[B, 1, 1, N]</c>.</summary>
    private static Tensor Padding(GoldenFile file) =>
        file.Input("attention_mask").eq(Scalars.Of(0)).to(ScalarType.Float32).mul(Scalars.Of(-1e9)).unsqueeze(1).unsqueeze(1);

    private static Tensor Known(Tensor labels) => labels.masked_fill(labels.eq(Scalars.Of(Ignored)), Scalars.Of(0));

    /// <summary>The mean cross-entropy of the labels that count.</summary>
    private static Tensor Loss(Tensor logits, Tensor labels)
    {
        Tensor counts = labels.ne(Scalars.Of(Ignored)).to(ScalarType.Float32);
        Tensor picked = logits.log_softmax(-1).gather(2, Known(labels).unsqueeze(-1)).squeeze(-1);
        return (picked * counts).sum() / counts.sum() * Scalars.Of(-1);
    }
}
