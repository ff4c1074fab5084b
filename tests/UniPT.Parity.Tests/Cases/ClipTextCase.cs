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
        var tower = new ClipText(weights, Sizes(file.Config));
        StateNames.Check(file, tower);
        Tensor ids = file.Input("input_ids");
        HiddenStates states = tower.forward(new BackboneInput(ids)).Only;
        return new Dictionary<string, Tensor>(RecordedStates.Named(states))
        {
            ["features"] = states.Pooled!,
            ["projected"] = tower.Project(states.Layers[^1]),
        };
    });

    private static ClipTextConfig Sizes(JsonElement config)
    {
        return new ClipTextConfig
        {
            Vocabulary = config.Number("vocab_size"),
            MaxTokens = config.Number("context_length"),
            Width = config.Number("width"),
            Layers = config.Number("layers"),
            Heads = config.Number("heads"),
            Output = config.Number("embed_dim"),
            Epsilon = config.Real("layernorm_eps", 1e-5),
        };
    }
}
