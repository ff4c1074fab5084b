using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.Clip;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Every hidden state, the embeddings and every gradient of CLIP's text tower on texts shorter than its table.</summary>
internal sealed class ClipTextCase : IParityCase
{
    public string Name => "clip-text";

    public void Check(GoldenFile file) => ModuleParity.Check(file, weights =>
    {
        var tower = new ClipText(weights, Config(file.Config));
        Tensor ids = file.Input("input_ids");
        HiddenStates states = tower.forward(new BackboneInput(ids));
        return new Dictionary<string, Tensor>(RecordedStates.Named(states))
        {
            ["features"] = states.Pooled!,
            ["projected"] = tower.Project(states.Layers[^1]),
        };
    });

    private static ClipTextConfig Config(JsonElement config)
    {
        int Number(string name) => config.GetProperty(name).GetInt32();
        return new ClipTextConfig
        {
            Vocabulary = Number("vocab_size"),
            MaxTokens = Number("context_length"),
            Width = Number("width"),
            Layers = Number("layers"),
            Heads = Number("heads"),
            Output = Number("embed_dim"),
        };
    }
}
