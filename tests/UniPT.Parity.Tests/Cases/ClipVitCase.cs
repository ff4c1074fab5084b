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
        var tower = new ClipVit(weights, Sizes(file.Config));
        StateNames.Check(file, tower);
        HiddenStates states = tower.forward(new BackboneInput(file.Input("images"))).Only;
        return new Dictionary<string, Tensor>(RecordedStates.Named(states))
        {
            ["features"] = states.Pooled!,
            ["tokens_projected"] = tower.Project(states.Layers[^1]),
        };
    });

    private static ClipVitConfig Sizes(JsonElement config)
    {
        return new ClipVitConfig
        {
            Resolution = config.Number("input_resolution"),
            Patch = config.Number("patch_size"),
            Width = config.Number("width"),
            Layers = config.Number("layers"),
            Heads = config.Number("heads"),
            Output = config.Number("output_dim"),
            Epsilon = config.Real("layernorm_eps", 1e-5),
            NormalizesPixels = false,
        };
    }
}
