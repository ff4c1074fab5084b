namespace UniPT.Torch;

// What a pickle holds becomes null, bool, long, double, string, byte[], object?[] for a tuple, List<object?> for a list or set, and these.

/// <summary>A dictionary of Python, plain or ordered, in its order.</summary>
internal sealed class PickleDictionary() : OrderedDictionary<object, object?>(KeyComparer.Instance)
{
    /// <summary>The value of a text key, or of a number that the text writes.</summary>
    internal bool TryFind(string key, out object? value) =>
        TryGetValue(key, out value) || (long.TryParse(key, out long number) && TryGetValue(number, out value));

    /// <summary>.NET's own hashes of numbers can be foreseen, so that a file could have millions of keys that are compared one by one.</summary>
    private sealed class KeyComparer : IEqualityComparer<object>
    {
        internal static readonly KeyComparer Instance = new();

        public new bool Equals(object? x, object? y) => object.Equals(x, y);

        public int GetHashCode(object key) => key switch
        {
            long number => HashCode.Combine((int)number, (int)(number >> 32)),
            double number => GetHashCode(BitConverter.DoubleToInt64Bits(number)),
            _ => key.GetHashCode(),
        };
    }
}

/// <summary>A class or function by its name. It is never looked up: only names that <see cref="PyTorchGlobals"/> has a meaning for are kept at all.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>An object of one of the classes that are kept as a name and its attributes: options of a command line, modules of TorchScript.</summary>
internal sealed class PickleObject(PickleGlobal kind)
{
    internal PickleGlobal Kind => kind;

    internal PickleDictionary Attributes { get; set; } = [];
}

/// <summary>The memory that tensors share.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Of its elements; null for one that this library does not have.</param>
/// <param name="TypeName">As PyTorch calls it.</param>
/// <param name="ElementBytes">Bytes of an element.</param>
/// <param name="Count">How many elements it has.</param>
/// <param name="First">Where it begins in the file's storage of that name, in elements: older files have views of storages.</param>
internal sealed record PickledStorage(string Key, ScalarType? Type, string TypeName, int ElementBytes, long Count, long First);

/// <summary>A tensor as a view of a storage, in elements.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);
