using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.Clip;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>The last map of a picture that is no square, the attention pooling of one that is, and every gradient of both.</summary>
internal sealed class ClipResNetCase : IParityCase
{
    public string Name => "clip-resnet";

    public void Check(GoldenFile file) => ModuleParity.Check(file, Forward(file), ToVisual);

    /// <summary>The recordings leave out the place that the published files have the tower at.</summary>
    internal static string ToVisual(string name) => $"visual.{name}";

    internal static ClipResNetConfig Sizes(JsonElement config) => new()
    {
        Blocks = config.Numbers("layers")!,
        Width = config.Number("width"),
        Heads = config.Number("heads"),
        Output = config.Number("output_dim"),
        Resolution = config.Number("input_resolution"),
        NormalizesPixels = false,
        BatchStatistics = config.Text("mode", "eval") == "train",
    };

    private static Func<Weights, IReadOnlyDictionary<string, Tensor>> Forward(GoldenFile file) => weights =>
    {
        var tower = new ClipResNet(weights, Sizes(file.Config));
        HiddenStates oblong = tower.forward(new BackboneInput(file.Input("images"))).Only;
        HiddenStates square = tower.forward(new BackboneInput(file.Input("square"))).Only;
        return new Dictionary<string, Tensor> { ["grid"] = oblong.Layers[^1], ["pooled"] = square.Pooled! };
    };
}

/// <summary>The same network with the statistics of the batch, and what it leaves of them.</summary>
internal sealed class ClipResNetTrainCase : IParityCase
{
    public string Name => "clip-resnet-train";

    public void Check(GoldenFile file) => ModuleParity.Check(
        file,
        weights => new Dictionary<string, Tensor>
        {
            ["grid"] = new ClipResNet(weights, ClipResNetCase.Sizes(file.Config)).forward(new BackboneInput(file.Input("images"))).Only.Layers[^1],
        },
        ClipResNetCase.ToVisual);
}
