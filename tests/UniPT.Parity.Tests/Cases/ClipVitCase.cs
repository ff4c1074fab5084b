using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.Clip;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Every hidden state, the embeddings and every gradient of CLIP's image tower.</summary>
internal sealed class ClipVitCase : IParityCase
{
    public string Name => "clip-vit";

    public void Check(GoldenFile file) => ModuleParity.Check(file, weights =>
    {
        var tower = new ClipVit(weights, Config(file.Config));
        HiddenStates states = tower.forward(new BackboneInput(file.Input("images")));
        return new Dictionary<string, Tensor>(RecordedStates.Named(states))
        {
            ["features"] = states.Pooled!,
            ["tokens_projected"] = tower.Project(states.Layers[^1]),
        };
    });

    private static ClipVitConfig Config(JsonElement config)
    {
        int Number(string name) => config.GetProperty(name).GetInt32();
        return new ClipVitConfig
        {
            Resolution = Number("input_resolution"),
            Patch = Number("patch_size"),
            Width = Number("width"),
            Layers = Number("layers"),
            Heads = Number("heads"),
            Output = Number("output_dim"),
            NormalizesPixels = false,
        };
    }
}
