using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.T5;
using UniPT.Torch;
using UniPT.Tuning.Lst;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The ladders beside T5's encoder and decoder, from token ids to logits and loss.</summary>
internal sealed class LstT5Case : IParityCase
{
    public string Name => "lst-t5";

    public void Check(GoldenFile file)
    {
        JsonElement config = file.Config;
        Dictionary<string, int> layers = new() { ["encoder"] = config.Number("num_layers"), ["decoder"] = config.Number("num_decoder_layers") };
        Dictionary<string, int[]> kept = layers.ToDictionary(pair => pair.Key, pair => LstConfig.Kept(config, $"{pair.Key}_side_layers", pair.Value));
        LstOptions options = LstConfig.Options(config, kept["decoder"], layers["decoder"], bias: true) with
        {
            Reduction = config.Number("task_reduction_factor"),
            EncoderDropped = LstConfig.Options(config, kept["encoder"], layers["encoder"], bias: true).Dropped,
        };
        ModuleParity.Check(file, Forward, name => kept.TryGetValue(name.Split('.')[0], out int[]? there) && LstConfig.IsDropped(name, there) ? null : name);

        IReadOnlyDictionary<string, Tensor> Forward(Weights weights)
        {
            var model = new T5Model(weights, T5Recording.Sizes(config));
            var tuned = (LstBackbone)new LstMethod(options).Attach(model.Streams[BackboneStream.Decoder], weights, null);
            BackboneOutput states = model.forward(T5Recording.Input(file, model));
            (IReadOnlyList<Tensor> encoder, IReadOnlyList<Tensor> decoder) = tuned.Climb(tuned.Stream.Of(states));
            Dictionary<string, Tensor> outputs = T5Recording.Outputs(file, model, tuned.Up(decoder[^1]));
            LstConfig.Add(outputs, "encoder_hidden", states[BackboneStream.Encoder].Layers);
            LstConfig.Add(outputs, "encoder_side", encoder);
            LstConfig.Add(outputs, "decoder_hidden", states[BackboneStream.Decoder].Layers);
            LstConfig.Add(outputs, "decoder_side", decoder);
            return outputs;
        }
    }
}
