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

    internal static string Known => string.Join(", ", ByName.Keys);

    /// <summary>Bytes of one element.</summary>
    /// <exception cref="UserException">The format has no name for the type.</exception>
    internal static int Size(ScalarType type) => ByName.ContainsValue(type)
        ? type.Size()
        : throw new UserException($"A safetensors file cannot hold tensors of the type {type}; it can hold {Known}.");

    internal static bool TryParse(string name, out ScalarType type) => ByName.TryGetValue(name, out type);

    internal static string NameOf(ScalarType type) => ByName.First(pair => pair.Value == type).Key;
}
