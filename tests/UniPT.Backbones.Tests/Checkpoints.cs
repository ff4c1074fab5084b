using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests;

/// <summary>Small checkpoints of networks that have no pretrained weights here.</summary>
internal static class Checkpoints
{
    /// <summary>Writes what a fresh network consists of.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="build">Builds it.</param>
    /// <param name="rename">Another name for a tensor; null to leave it out.</param>
    /// <param name="more">What the file has besides.</param>
    /// <returns>The file's path.</returns>
    public static string Write(
        TemporaryFolder folder, Action<Weights> build, Func<string, string?>? rename = null, params (string Name, Tensor Tensor)[] more)
    {
        Weights weights = Weights.Fresh(3);
        using WeightStore store = weights.Store;
        build(weights);
        Dictionary<string, Tensor> state = store.State()
            .Select(pair => (Name: rename is null ? pair.Key : rename(pair.Key), pair.Value))
            .Where(pair => pair.Name is not null)
            .ToDictionary(pair => pair.Name!, pair => pair.Value.detach());
        foreach ((string name, Tensor tensor) in more)
        {
            state.Add(name, tensor);
        }

        string path = folder.File("checkpoint.safetensors");
        SafetensorsWriter.Write(path, state);
        return path;
    }

    /// <summary>Parameters of a network of that size, without memory for them.</summary>
    public static long ParameterCount(Action<Weights> build)
    {
        Weights weights = Weights.Meta();
        using WeightStore store = weights.Store;
        build(weights);
        return store.ParameterCount;
    }
}
