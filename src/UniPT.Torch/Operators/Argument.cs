using UniPT.Torch.Native;

namespace UniPT.Torch.Operators;

/// <summary>An operator's argument on the managed side; every supported type converts to it implicitly.</summary>
internal readonly struct Argument
{
    internal readonly Tag Tag;
    internal readonly long Bits;
    internal readonly object? Payload;

    private Argument(Tag tag, long bits, object? payload = null)
    {
        Tag = tag;
        Bits = bits;
        Payload = payload;
    }

    /// <summary>An absent optional argument.</summary>
    internal static Argument None => default;

    /// <summary>A device by its name, such as <c>cpu</c> or <c>cuda:0</c>.</summary>
    internal static Argument Device(string name) => new(Tag.Device, 0, name);

    public static implicit operator Argument(Tensor? tensor) =>
        tensor is null ? default : new Argument(Tag.Tensor, tensor.Handle, tensor);

    public static implicit operator Argument(long value) => new(Tag.Int, value);

    public static implicit operator Argument(int value) => new(Tag.Int, value);

    public static implicit operator Argument(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(bool value) => new(Tag.Bool, value ? 1 : 0);

    public static implicit operator Argument(ScalarType value) => new(Tag.Int, (long)value);

    public static implicit operator Argument(string? value) => value is null ? default : new Argument(Tag.String, 0, value);

    public static implicit operator Argument(long[]? values) =>
        values is null ? default : new Argument(Tag.IntList, 0, values);

    public static implicit operator Argument(double[]? values) =>
        values is null ? default : new Argument(Tag.DoubleList, 0, values);

    public static implicit operator Argument(Tensor?[] tensors) => new(Tag.TensorList, 0, tensors);
}
