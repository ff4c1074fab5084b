using System.Collections.ObjectModel;

namespace UniPT.Torch;

/// <summary>
/// The tensors that a TorchSharp module of the user's own has at the moment, under the names of its <c>state_dict()</c>. They stay
/// the module's: nothing is copied, changed or freed here.
/// </summary>
/// <param name="module">The module.</param>
/// <param name="owned">What goes with the store; null for nothing.</param>
internal sealed class ModuleWeights(nn.Module module, IDisposable? owned) : IWeightSource
{
    private bool _disposed;

    public bool Trainable => false;

    public string? Path => null;

    // Asked for each time, since TorchSharp puts other objects in their place when the module moves to another device.
    public IReadOnlyDictionary<string, Parameter> Parameters => _disposed
        ? ReadOnlyDictionary<string, Parameter>.Empty
        : module.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Tensor> Buffers => _disposed
        ? ReadOnlyDictionary<string, Tensor>.Empty
        : module.named_buffers().ToDictionary(pair => pair.name, pair => pair.buffer, StringComparer.Ordinal);

    public bool Contains(string name) => Parameters.ContainsKey(name) || Buffers.ContainsKey(name);

    public long[] Shape(string name) => (Parameters.GetValueOrDefault(name) ?? Buffers.GetValueOrDefault(name))?.shape
        ?? throw new InvalidOperationException($"The module has no tensor {name}.");

    public Tensor Take(string name, long[] shape, Initializer initializer) =>
        throw new InvalidOperationException($"The tensor {name} belongs to a module that exists already; nothing can be built from it.");

    public void EnsureAllUsed(Func<string, bool> used)
    {
    }

    public void Dispose()
    {
        _disposed = true;
        owned?.Dispose();
    }
}
