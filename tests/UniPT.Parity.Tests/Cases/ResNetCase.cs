using System.Text.Json;
using UniPT.Backbones;
using UniPT.Backbones.Pretrained;
using UniPT.Backbones.ResNet;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>Microsoft's ResNet-18 out of its package: the maps of all stages, frozen and trainable.</summary>
internal sealed class ResNet18Case : IParityCase
{
    public string Name => "resnet18";

    public void Check(GoldenFile file)
    {
        Tensor pixels = file.Read("input.pixels").to(ScalarType.Float32) / Scalars.Of(255);
        foreach (bool trainable in new[] { false, true })
        {
            Backbone backbone = BackboneRegistry.Open("resnet_cntk", PretrainedModels.WeightsOf("resnet18"), trainable);
            using WeightStore store = backbone.Store;
            IReadOnlyList<Tensor> maps = backbone.forward(new BackboneInput(pixels)).Only.Layers;
            for (int i = 0; i < maps.Count; i++)
            {
                Comparison.Same(file, $"output.layer{i + 1}", maps[i]);
            }

            Comparison.Same(file, "output.pooled", maps[^1].mean([2, 3]));
        }
    }
}

/// <summary>ResNeXt as VSE∞ has it: the maps of all stages and every gradient.</summary>
internal sealed class ResNeXtCase : IParityCase
{
    public string Name => "resnext";

    public void Check(GoldenFile file) => ModuleParity.Check(file, weights =>
    {
        var backbone = new ResNetEncoder(weights, Sizes(file.Config));
        IReadOnlyList<Tensor> maps = backbone.Features(file.Input("images"));
        return maps.Select((map, i) => (map, i)).ToDictionary(pair => $"layer{pair.i + 1}", pair => pair.map);
    });

    private static ResNetConfig Sizes(JsonElement config) => ResNetConfig.Bottlenecks(
        config.Numbers("layers")!, config.Number("groups"), config.Number("width_per_group"), config.Number("planes"));
}
