using UniPT.Torch.Operators;

namespace UniPT.Torch;

// Activations and normalisations without state.
public sealed partial class Tensor
{
    /// <summary>max(x, 0).</summary>
    public Tensor Relu() => Ops.Relu.Call(this);

    /// <summary>The exact (erf) GELU.</summary>
    public Tensor Gelu() => Ops.Gelu.Call(this);

    /// <summary>Logistic function.</summary>
    public Tensor Sigmoid() => Ops.Sigmoid.Call(this);

    /// <summary>Hyperbolic tangent.</summary>
    public Tensor Tanh() => Ops.Tanh.Call(this);

    /// <summary>Limited to a range; ReLU6 is <c>Hardtanh(0, 6)</c>.</summary>
    public Tensor Hardtanh(double minimum, double maximum) => Ops.Hardtanh.Call(this, minimum, maximum);

    /// <summary>Softmax over a dimension.</summary>
    public Tensor Softmax(long dimension) => Ops.Softmax.Call(this, dimension);

    /// <summary>Logarithm of the softmax over a dimension.</summary>
    public Tensor LogSoftmax(long dimension) => Ops.LogSoftmax.Call(this, dimension);

    /// <summary>In training, zeroes elements with a probability and scales the others up.</summary>
    public Tensor Dropout(double rate, bool training) => Ops.Dropout.Call(this, rate, training);

    /// <summary>Normalises the last dimension with its biased variance.</summary>
    public Tensor LayerNorm(Tensor? weight, Tensor? bias, double epsilon) => Ops.LayerNorm.Call(this, new[] { size(-1) }, weight, bias, epsilon);

    /// <summary>Normalises each channel (dimension 1), in training with the batch's statistics, updating the running ones.</summary>
    public Tensor BatchNorm(Tensor? weight, Tensor? bias, Tensor? mean, Tensor? variance, bool training, double momentum, double epsilon) => Ops.BatchNorm.Call(this, weight, bias, mean, variance, training, momentum, epsilon, true);

    /// <summary>Rows of this table at the given indices; the row at <paramref name="padding"/>, if not −1, gets no gradient.</summary>
    public Tensor EmbeddingLookup(Tensor indices, long padding = -1) => Ops.Embedding.Call(this, indices, padding);
}
