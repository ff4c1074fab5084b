using UniPT.Torch.Native;

namespace UniPT.Torch;

public sealed unsafe partial class Tensor
{
    /// <summary>Whether operations on this tensor are recorded; settable for leaves of a floating type.</summary>
    public bool RequiresGrad
    {
        get => Info.RequiresGrad != 0;
        set => Bridge.Check(Bridge.unipt_tensor_set_requires_grad(Handle, value ? 1 : 0));
    }

    /// <summary>The accumulated gradient of a leaf, or null; assigning null frees it.</summary>
    public Tensor? Grad
    {
        get
        {
            Bridge.Check(Bridge.unipt_tensor_grad(Handle, out nint handle));
            return handle == 0 ? null : Adopt(handle);
        }

        set => Bridge.Check(Bridge.unipt_tensor_set_grad(Handle, value?.Handle ?? 0));
    }

    /// <summary>Adds the gradients of this tensor to the leaves; a scalar needs no <paramref name="gradient"/>.</summary>
    public void Backward(Tensor? gradient = null)
    {
        nint output = Handle;
        nint cotangent = gradient?.Handle ?? 0;
        Bridge.Check(Bridge.unipt_backward(&output, &cotangent, 1));
    }
}
