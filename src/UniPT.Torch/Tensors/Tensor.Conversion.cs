using UniPT.Torch.Operators;

namespace UniPT.Torch;

// Other types, devices and copies.
public sealed partial class Tensor
{
    /// <summary>The elements as another type; this tensor's storage if it has that type.</summary>
    public Tensor To(ScalarType type) => Ops.ToType.Call(this, type);

    /// <summary>The elements on another device; this tensor's storage if it is there.</summary>
    public Tensor To(string device) => Ops.ToDevice.Call(this, Argument.Device(device), Type);

    /// <summary>A copy with its own memory.</summary>
    public Tensor Clone() => Ops.Clone.Call(this);

    /// <summary>The same memory, outside the recorded graph.</summary>
    public Tensor Detach() => Ops.Detach.Call(this);

    /// <summary>The same memory under another handle.</summary>
    public Tensor Alias() => Ops.Alias.Call(this);
}
