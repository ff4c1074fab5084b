using System.Text.Json;
using UniPT.Backbones;
using UniPT.Tuning.UniPT;

namespace UniPT.Parity.Tests.Cases;

/// <summary>CLIP-ViL's joint encoder with UniPT's network beside it.</summary>
internal sealed class UniPTClipVilCase : IParityCase
{
    public string Name => "unipt-clipvil";

    public void Check(GoldenFile file)
    {
        JsonElement config = file.Config;
        (int layers, int channels) = (config.Number("layers"), config.Number("hidden_size"));
        UniPTOptions form = PublishedForms.Of(PublishedForm.ClipVil) with
        {
            Epsilon = config.Real("l1_eps"),
            NormEpsilon = config.Real("side_layernorm_eps"),
        };
        var side = new Renaming([
            ("side_first_downsample_l.", "downsample_layers.0."),
            .. Enumerable.Range(0, layers).Select(i => ($"side_downsamples_l.{i}.", $"downsample_layers.{i + 1}.")),
            ("side_projection_l.", "projection_layer."),
            ("side_gate_layer_l.", "gate_layer."),
            ("side_final_upsample_l.0.", "upsample_layer.1."),
        ]);
        ModuleParity.Check(
            file,
            weights =>
            {
                var encoder = new ClipVilRecording(file, weights);
                IReadOnlyList<Tensor> hidden = encoder.Hidden();
                var network = new ParallelNetwork(
                    weights, HiddenLayout.Tokens, [.. hidden.Select(_ => channels)], null, channels / config.Number("reduction_factor"), channels, form, null);
                Dictionary<string, Tensor> outputs = new()
                {
                    ["joint"] = network.Forward(hidden, null, TokenMasks.Of(form, hidden[0], encoder.Valid)).Tokens,
                    ["mask"] = encoder.Valid,
                };
                LstConfig.Add(outputs, "hidden", hidden);
                return outputs;
            },
            name => ClipVilRecording.Has(name) ? ClipVilRecording.Name(name) : side.Of(name));
    }
}
