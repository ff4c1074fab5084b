namespace UniPT.Torch;

/// <summary>The names that the safetensors format gives to element types.</summary>
internal static class SafetensorsTypes
{
    private static readonly Dictionary<string, ScalarType> ByName = new(StringComparer.Ordinal)
    {
        ["F64"] = ScalarType.Float64,
        ["F32"] = ScalarType.Float32,
        ["F16"] = ScalarType.Float16,
        ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64,
        ["I32"] = ScalarType.Int32,
        ["I16"] = ScalarType.Int16,
        ["I8"] = ScalarType.Int8,
        ["U8"] = ScalarType.Byte,
        ["BOOL"] = ScalarType.Bool,
    };

    /// <summary>Bits of the other types of the format: their tensors are found and listed, but not read.</summary>
    private static readonly Dictionary<string, int> OtherBits = new(StringComparer.Ordinal)
    {
        ["C64"] = 64,
        ["U64"] = 64,
        ["U32"] = 32,
        ["U16"] = 16,
        ["F8_E4M3"] = 8,
        ["F8_E5M2"] = 8,
        ["F8_E4M3FNUZ"] = 8,
        ["F8_E5M2FNUZ"] = 8,
        ["F8_E8M0"] = 8,
        ["F6_E2M3"] = 6,
        ["F6_E3M2"] = 6,
        ["F4"] = 4,
    };

    internal static string Known => string.Join(", ", ByName.Keys);

    /// <summary>Bytes of one element.</summary>
    /// <exception cref="UserException">The format has no name for the type.</exception>
    internal static int Size(ScalarType type) => ByName.ContainsValue(type)
        ? type.Size()
        : throw new UserException($"A safetensors file cannot hold tensors of the type {type}; it can hold {Known}.");

    /// <summary>The type of that name; null for one that is not read.</summary>
    internal static ScalarType? Find(string name) => ByName.TryGetValue(name, out ScalarType type) ? type : null;

    /// <summary>Bits of one element; null where the format has no such type.</summary>
    internal static int? Bits(string name) =>
        Find(name) is { } type ? 8 * type.Size() : OtherBits.TryGetValue(name, out int bits) ? bits : null;

    internal static string NameOf(ScalarType type) => ByName.First(pair => pair.Value == type).Key;
}
