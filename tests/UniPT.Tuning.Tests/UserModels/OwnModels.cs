using UniPT.Backbones;
using UniPT.Backbones.UserModels;
using UniPT.Testing;

namespace UniPT.Tuning.Tests.UserModels;

/// <summary>A module and a TorchScript file as backbones of tokens and of maps.</summary>
internal static class OwnModels
{
    public static readonly string[] Names = ["tokens", "maps", "script"];

    /// <summary>Opens one, in the current scope.</summary>
    public static Backbone Open(string name, long seed = 1)
    {
        torch.random.manual_seed(seed).Dispose();
        return name switch
        {
            "tokens" => new ModuleBackbone(
                nn.Sequential(("a", nn.Linear(4, 16)), ("at", nn.Tanh()), ("b", nn.Linear(16, 16)), ("bt", nn.Tanh())), Input(name).Values, "a", "at", "bt"),
            "maps" => new ModuleBackbone(
                nn.Sequential(("a", nn.Conv2d(3, 8, 3, stride: 2L, padding: 1L)), ("b", nn.Conv2d(8, 16, 3, stride: 2L, padding: 1L))), Input(name).Values, "a", "b"),
            _ => ScriptBackbone.Open(Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "torchscript", "encoder.pt"), Input(name).Values, allowPrograms: true),
        };
    }

    /// <summary>An input of it.</summary>
    public static BackboneInput Input(string name) => name switch
    {
        "tokens" => new(torch.rand(2, 5, 4)),
        "maps" => new(torch.rand(2, 3, 16, 16)),
        _ => new(torch.randint(0, 32, new Size([2, 5]), dtype: ScalarType.Int64)),
    };
}
