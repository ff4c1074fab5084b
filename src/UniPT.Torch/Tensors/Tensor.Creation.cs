using UniPT.Torch.Operators;

namespace UniPT.Torch;

// New tensors.
public sealed partial class Tensor
{
    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(long[] shape, ScalarType type = ScalarType.Float32, string device = "cpu") => Ops.Zeros.Call(shape, type, Argument.None, Argument.Device(device));

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(long[] shape, ScalarType type = ScalarType.Float32, string device = "cpu") => Ops.Ones.Call(shape, type, Argument.None, Argument.Device(device));

    /// <summary>A tensor filled with one value.</summary>
    public static Tensor Full(long[] shape, double value, ScalarType type = ScalarType.Float32, string device = "cpu") => Ops.Full.Call(shape, value, type, Argument.None, Argument.Device(device));

    /// <summary>A tensor whose elements are not set.</summary>
    public static Tensor Empty(long[] shape, ScalarType type = ScalarType.Float32, string device = "cpu") => Ops.Empty.Call(shape, type, Argument.None, Argument.Device(device));

    /// <summary>The whole numbers from start up to, not including, end.</summary>
    public static Tensor Arange(long start, long end, ScalarType type = ScalarType.Int64, string device = "cpu") => Ops.ArangeStart.Call(start, end, type, Argument.None, Argument.Device(device));

    /// <summary>The identity matrix.</summary>
    public static Tensor Eye(long size, ScalarType type = ScalarType.Float32, string device = "cpu") => Ops.Eye.Call(size, type, Argument.None, Argument.Device(device));

    /// <summary>Uniform numbers in [0, 1).</summary>
    public static Tensor Rand(long[] shape, ScalarType type = ScalarType.Float32, string device = "cpu") => Ops.Rand.Call(shape, type, Argument.None, Argument.Device(device));

    /// <summary>Standard normal numbers.</summary>
    public static Tensor Randn(long[] shape, ScalarType type = ScalarType.Float32, string device = "cpu") => Ops.Randn.Call(shape, type, Argument.None, Argument.Device(device));

    /// <summary>Uniform whole numbers from low up to, not including, high.</summary>
    public static Tensor Randint(long low, long high, long[] shape, string device = "cpu") => Ops.Randint.Call(low, high, shape, ScalarType.Int64, Argument.None, Argument.Device(device));

    /// <summary>Zeros of this shape, type and device.</summary>
    public Tensor ZerosLike() => Ops.ZerosLike.Call(this);

    /// <summary>Fills with uniform numbers in [from, to).</summary>
    public void Uniform_(double from, double to) => Ops.UniformInPlace.Run(this, from, to);

    /// <summary>Fills with normal numbers.</summary>
    public void Normal_(double mean, double deviation) => Ops.NormalInPlace.Run(this, mean, deviation);
}
