using UniPT.Backbones;
using UniPT.Tuning.UniPT;
using UniPT.Tuning.UniPT.Forms;

namespace UniPT.Parity.Tests.Cases;

/// <summary>UniPT's CLIP-ViL network on the recorded states of the joint encoder.</summary>
internal sealed class UniPTClipVilCase : IParityCase
{
    public string Name => "unipt-clipvil";

    public void Check(GoldenFile file)
    {
        int layers = file.Config.GetProperty("layers").GetInt32();
        int channels = file.Config.GetProperty("hidden_size").GetInt32();
        int width = channels / file.Config.GetProperty("reduction_factor").GetInt32();
        NetworkForm form = NetworkForm.Of(PublishedForm.ClipVil) with { Epsilon = file.Config.GetProperty("l1_eps").GetDouble() };
        var renaming = new Renaming([
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
                Dictionary<string, Tensor> outputs = Enumerable.Range(0, layers + 1).Select(i => $"hidden.{i}").Append("mask")
                    .ToDictionary(name => name, name => file.Read($"output.{name}"));
                Tensor[] hidden = [.. Enumerable.Range(0, layers + 1).Select(i => outputs[$"hidden.{i}"])];
                var network = new ParallelNetwork(
                    weights, HiddenLayout.Tokens, [.. hidden.Select(_ => channels)], null, width, channels, form, null);
                outputs["joint"] = network.Forward(hidden, null, TokenMasks.Of(form, hidden[0], outputs["mask"])).Tokens;
                return outputs;
            },
            renaming.Of);
    }
}
