using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>Applies activations.</summary>
public static class Activations
{
    private const double QuickGeluSlope = 1.702;
    private const double GeluCubic = 0.044715;

    /// <summary>In place, which a recorded graph allows too.</summary>
    public static void Apply_(this Activation activation, Tensor tensor)
    {
        switch (activation)
        {
            case Activation.Relu:
                tensor.relu_();
                break;
            case Activation.Relu6:
                tensor.hardtanh_(Scalars.Of(0), Scalars.Of(6));
                break;
            case Activation.Gelu:
                tensor.gelu_();
                break;
            case Activation.GeluTanh:
                GeluTanh_(tensor);
                break;
            case Activation.QuickGelu:
                tensor.mul_(Scalars.Of(QuickGeluSlope));
                tensor.silu_();
                tensor.mul_(Scalars.Of(1 / QuickGeluSlope));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "unknown activation");
        }
    }

    /// <summary>As x·σ(√(8/π)·(x + 0.044715·x³)), which is the same function; x takes part twice, so that its gradient needs a copy of it.</summary>
    private static void GeluTanh_(Tensor tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        double slope = Math.Sqrt(8 / Math.PI);
        Tensor value = tensor.requires_grad ? tensor.clone() : tensor;
        Tensor inner = value * value;
        inner.mul_(Scalars.Of(slope * GeluCubic));
        inner.Add_(slope);
        Tensor gate = tensor.requires_grad ? inner * value : inner.mul_(value);
        gate.sigmoid_();
        _ = tensor.requires_grad ? tensor.copy_(value * gate) : tensor.mul_(gate);
    }
}

/// <summary>The function between the two linear maps of a feed-forward network.</summary>
public enum Activation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary>The exact (erf) GELU.</summary>
    Gelu,

    /// <summary>x·σ(1.702·x), CLIP's approximation of GELU.</summary>
    QuickGelu,

    /// <summary>½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), Hugging Face's <c>gelu_new</c>.</summary>
    GeluTanh,
}
