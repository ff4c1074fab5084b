namespace UniPT.Torch.Native;

/// <summary>What a value that crosses the boundary is; mirrors <c>native/values.h</c>.</summary>
internal enum Tag
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    String = 5,
    IntList = 6,
    DoubleList = 7,
    BoolList = 8,
    TensorList = 9,
    Device = 10,
}
