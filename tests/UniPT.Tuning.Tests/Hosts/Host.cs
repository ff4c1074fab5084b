using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Tuning.Tests.Hosts;

/// <summary>A backbone, pretrained where its weights are here, with a small input.</summary>
internal sealed class Host : IDisposable
{
    private Host(Backbone backbone, BackboneInput input) => (Backbone, Input) = (backbone, input);

    public Backbone Backbone { get; }

    public BackboneInput Input { get; }

    /// <summary>Opens a host; call it inside a scope that lives as long.</summary>
    public static Host Open(string name, bool trainable = false)
    {
        TorchRuntime.ManualSeed(5);
        BackboneInput input = name switch
        {
            "mobilenet_v2" or "resnet" or "resnet_cntk" => new(torch.rand(3, 3, 64, 32)),
            "clip_vit" => new(torch.rand(3, 3, SmallBackbones.Resolution, SmallBackbones.Resolution)),
            _ => new(TensorData.From([11L, 2002, 7, 102, 0, 0, 311, 38, 0], 3, 3), [3, 1, 2]),
        };
        string pretrained = Path.Combine(RepositoryPaths.Models, $"{name}.safetensors");
        return new(File.Exists(pretrained) ? BackboneRegistry.Open(name, pretrained, trainable) : SmallBackbones.Open(name, trainable), input);
    }

    public void Dispose() => Backbone.Store.Dispose();
}
