using System.Runtime.CompilerServices;

namespace UniPT.Torch;

/// <summary>What TorchSharp's tensors and scopes lack.</summary>
public static class TensorExtensions
{
    /// <summary>Maps <c>[B, C, H, W]</c> with the channels of a pixel side by side in memory, copied only if needed.</summary>
    public static Tensor ChannelsLast(this Tensor maps)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(maps.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
    }

    /// <summary>Moves tensors to the enclosing scope, so that they outlive this one; those that another scope owns stay there.</summary>
    public static IReadOnlyList<Tensor> MoveAllToOuter(this DisposeScope scope, IReadOnlyList<Tensor> tensors)
    {
        scope.MoveToOuter(tensors);
        return tensors;
    }

    /// <summary>Puts other values, of another type or device too, behind the same object, for everybody who holds it.</summary>
    internal static void Become(this Tensor tensor, Tensor other)
    {
        using IDisposable unrecorded = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        bool trained = tensor.requires_grad;
        Tensor taken = other.detach().requires_grad_(trained);
        (Handle(tensor), Handle(taken)) = (Handle(taken), Handle(tensor));
    }

    /// <summary>The tensor as a parameter, outside every scope; TorchSharp's own constructor counts it twice in <c>Tensor.TotalCount</c>.</summary>
    internal static Parameter ToParameter(this Tensor data, bool requiresGrad)
    {
        Parameter parameter = MakeParameter(data.DetachFromDisposeScope().DecoupleFromNativeHandle());
        parameter.DetachFromDisposeScope();
        parameter.requires_grad = requiresGrad;
        return parameter;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern Parameter MakeParameter(nint handle);

    // TorchSharp replaces the parameters of a module that moves, as PyTorch did long ago, so that optimizers and whoever else
    // holds them go on with the old ones. Exchanging what stands behind the object is what PyTorch does today.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "handle")]
    private static extern ref nint Handle(Tensor tensor);
}
