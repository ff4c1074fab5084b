using UniPT.Torch.Operators;

namespace UniPT.Torch;

// Changes of the tensor itself.
public sealed partial class Tensor
{
    /// <summary>Adds alpha times other.</summary>
    public void Add_(Tensor other, double alpha = 1) => Ops.AddInPlace.Run(this, other, alpha);

    /// <summary>Adds a number.</summary>
    public void Add_(double other) => Ops.AddScalarInPlace.Run(this, other);

    /// <summary>Multiplies.</summary>
    public void Mul_(Tensor other) => Ops.MulInPlace.Run(this, other);

    /// <summary>Multiplies by a number.</summary>
    public void Mul_(double other) => Ops.MulScalarInPlace.Run(this, other);

    /// <summary>Divides by a number.</summary>
    public void Div_(double other) => Ops.DivScalarInPlace.Run(this, other);

    /// <summary>Adds value · left · right.</summary>
    public void Addcmul_(Tensor left, Tensor right, double value = 1) => Ops.AddcmulInPlace.Run(this, left, right, value);

    /// <summary>Adds value · numerator / denominator.</summary>
    public void Addcdiv_(Tensor numerator, Tensor denominator, double value = 1) => Ops.AddcdivInPlace.Run(this, numerator, denominator, value);

    /// <summary>Sets every element.</summary>
    public void Fill_(double value) => Ops.FillInPlace.Run(this, value);

    /// <summary>Copies another tensor's elements, converting their type.</summary>
    public void Copy_(Tensor source) => Ops.CopyInPlace.Run(this, source);

    /// <summary>Replaces negative elements by zero.</summary>
    public void Relu_() => Ops.ReluInPlace.Run(this);

    /// <summary>Turns the gradient of a ReLU into that of its input, given what the ReLU gave.</summary>
    public void ReluBackward_(Tensor output) => Ops.ReluBackwardInPlace.Run(this, output, 0.0, this);

    /// <summary>Applies eˣ.</summary>
    public void Exp_() => Ops.ExpInPlace.Run(this);

    /// <summary>Applies the exact (erf) GELU.</summary>
    public void Gelu_() => Ops.GeluInPlace.Run(this);

    /// <summary>Applies x·σ(x).</summary>
    public void Silu_() => Ops.SiluInPlace.Run(this);

    /// <summary>Limits to a range.</summary>
    public void Hardtanh_(double minimum, double maximum) => Ops.HardtanhInPlace.Run(this, minimum, maximum);

    /// <summary>Sets the elements where the mask is true.</summary>
    public void MaskedFill_(Tensor mask, double value) => Ops.MaskedFillInPlace.Run(this, mask, value);

    /// <summary>Adds row i of a tensor (along the dimension) to the row that the index names.</summary>
    public void IndexAdd_(long dimension, Tensor index, Tensor source) => Ops.IndexAddInPlace.Run(this, dimension, index, source);
}
