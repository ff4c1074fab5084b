using UniPT.Backbones.Mdetr;
using UniPT.Backbones.ResNet;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases;

/// <summary>MDETR's ResNet with frozen batch norms, as it trains and with the norms folded, and the mask of each stage's cells.</summary>
internal sealed class MdetrBackboneCase : IParityCase
{
    public string Name => "mdetr-backbone";

    public void Check(GoldenFile file)
    {
        ModuleParity.Check(file, weights =>
        {
            ResNetEncoder network = Open(file, weights);
            Assert.Equal(file.Names("param.").Order(), weights.Store.Parameters.Keys.Order());
            return Outputs(file, network);
        });

        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("frozen.safetensors"), file.State(name => name).ToDictionary(pair => pair.Name, pair => file.Read(pair.Place)));
        Weights frozen = Weights.Open(folder.File("frozen.safetensors"));
        using WeightStore store = frozen.Store;
        foreach ((string name, Tensor output) in Outputs(file, Open(file, frozen)))
        {
            Comparison.Same(file, $"output.{name}", output);
        }
    }

    private static ResNetEncoder Open(GoldenFile file, Weights weights)
    {
        ResNetConfig sizes = ResNetConfig.Bottlenecks(
            file.Config.Numbers("layers")!, file.Config.Number("groups"), file.Config.Number("width_per_group"), file.Config.Number("planes"));
        return new ResNetEncoder(weights / "body", sizes with { FrozenNorms = true });
    }

    private static Dictionary<string, Tensor> Outputs(GoldenFile file, ResNetEncoder network)
    {
        Tensor valid = file.Input("mask").logical_not().to(ScalarType.Float32);
        IReadOnlyList<Tensor> maps = network.Features(file.Input("images"));
        var outputs = new Dictionary<string, Tensor>();
        for (int i = 0; i < maps.Count; i++)
        {
            outputs.Add($"layer{i + 1}", maps[i]);
            outputs.Add($"layer{i + 1}.mask", MdetrModel.Cells(valid, maps[i].size(2), maps[i].size(3)).eq(Scalars.Of(0)));
        }

        return outputs;
    }
}
