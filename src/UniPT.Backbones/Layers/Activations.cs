using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>Applies activations.</summary>
public static class Activations
{
    /// <summary>In place, which a recorded graph allows too.</summary>
    public static void Apply_(this Activation activation, Tensor tensor)
    {
        switch (activation)
        {
            case Activation.Relu:
                tensor.Relu_();
                break;
            case Activation.Gelu:
                tensor.Gelu_();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "unknown activation");
        }
    }
}
