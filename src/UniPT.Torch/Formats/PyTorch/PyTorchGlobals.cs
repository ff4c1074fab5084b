using System.Diagnostics.CodeAnalysis;

namespace UniPT.Torch;

/// <summary>
/// The names that a pickle of PyTorch may have, and what stands for them here: containers, and what describes tensors. None is looked up or called
/// as Python would. Any other name is an error.
/// </summary>
internal static class PyTorchGlobals
{
    private const int MaxDimensions = 16;

    private delegate object? Meaning(string path, PickleGlobal global, object?[] arguments);

    private static readonly Dictionary<string, Meaning> Meanings = new(StringComparer.Ordinal)
    {
        ["collections.OrderedDict"] = Dictionary,
        ["collections.Counter"] = Dictionary,
        ["builtins.set"] = List,
        ["builtins.frozenset"] = List,
        ["__builtin__.set"] = List,
        ["__builtin__.frozenset"] = List,
        ["torch.Size"] = (path, global, arguments) => arguments is [object?[] sizes] ? sizes : throw Unexpected(path, global),
        ["torch.device"] = (_, global, _) => new PickleObject(global),
        ["argparse.Namespace"] = (_, global, _) => new PickleObject(global),
        ["torch._utils._rebuild_tensor"] = Tensor,
        ["torch._utils._rebuild_tensor_v2"] = Tensor,
        ["torch._utils._rebuild_tensor_v3"] = TensorOfType,
        ["torch._utils._rebuild_parameter"] = First,
        ["torch._utils._rebuild_parameter_with_state"] = First,
        ["torch.jit._pickle.build_intlist"] = First,
        ["torch.jit._pickle.build_doublelist"] = First,
        ["torch.jit._pickle.build_boollist"] = First,
        ["torch.jit._pickle.build_tensorlist"] = First,
        ["torch.jit._pickle.restore_type_tag"] = First,
    };

    /// <summary>Storages of the types that tensors have; a type that this library lacks has its size, so that its tensors are found and listed.</summary>
    private static readonly Dictionary<string, (string Name, ScalarType? Type, int Bytes)> Storages = new(StringComparer.Ordinal)
    {
        ["DoubleStorage"] = ("float64", ScalarType.Float64, 8),
        ["FloatStorage"] = ("float32", ScalarType.Float32, 4),
        ["HalfStorage"] = ("float16", ScalarType.Float16, 2),
        ["BFloat16Storage"] = ("bfloat16", ScalarType.BFloat16, 2),
        ["LongStorage"] = ("int64", ScalarType.Int64, 8),
        ["IntStorage"] = ("int32", ScalarType.Int32, 4),
        ["ShortStorage"] = ("int16", ScalarType.Int16, 2),
        ["CharStorage"] = ("int8", ScalarType.Int8, 1),
        ["ByteStorage"] = ("uint8", ScalarType.Byte, 1),
        ["BoolStorage"] = ("bool", ScalarType.Bool, 1),
        ["ComplexFloatStorage"] = ("complex64", null, 8),
        ["ComplexDoubleStorage"] = ("complex128", null, 16),
    };

    /// <summary>Element types that have no storage of their own; theirs is of bytes.</summary>
    private static readonly Dictionary<string, int> OtherTypes = new(StringComparer.Ordinal)
    {
        ["complex32"] = 4,
        ["uint16"] = 2,
        ["uint32"] = 4,
        ["uint64"] = 8,
        ["float8_e4m3fn"] = 1,
        ["float8_e5m2"] = 1,
        ["float8_e4m3fnuz"] = 1,
        ["float8_e5m2fnuz"] = 1,
    };

    /// <summary>The types whose tensors are read.</summary>
    internal static string Types { get; } = string.Join(", ", Storages.Values.Where(storage => storage.Type is not null).Select(storage => storage.Name));

    /// <summary>The storage that PyTorch has for a type.</summary>
    /// <exception cref="UserException">It has none.</exception>
    internal static string StorageOf(ScalarType type) => Storages.FirstOrDefault(pair => pair.Value.Type == type).Key
        ?? throw new UserException($"A checkpoint of PyTorch cannot hold tensors of the type {type}; it can hold {Types}.");

    /// <summary>A name that has a meaning.</summary>
    /// <exception cref="UserException">It has none.</exception>
    internal static PickleGlobal Known(string path, string module, string name, bool script)
    {
        var global = new PickleGlobal(module, name);
        return Meanings.ContainsKey(global.ToString()) || FindStorage(global) is not null || TypeOf(global) is not null || (script && IsScript(global))
            ? global
            : throw new UserException(
                $"{path} names {PrintableText.Of(global.ToString())} in its pickle, which is neither a tensor nor a container of one; nothing of it was run. Where the file can be trusted, save its tensors alone in Python: torch.save(model.state_dict(), path).");
    }

    /// <summary>What comes of calling a known name.</summary>
    /// <exception cref="UserException">It is not to be called, or not with that.</exception>
    internal static object? Call(string path, PickleGlobal global, object?[] arguments) =>
        Meanings.TryGetValue(global.ToString(), out Meaning? meaning) ? meaning(path, global, arguments)
        : IsScript(global) ? new PickleObject(global)
        : throw Unexpected(path, global);

    /// <summary>The storage that a persistent id describes: <c>("storage", type, key, location, count)</c>, in older files with a view at the end.</summary>
    internal static PickledStorage Storage(string path, object? id)
    {
        if (id is not object?[] { Length: 5 or 6 } parts || parts[..1] is not ["storage"] || parts[1] is not PickleGlobal type || parts[2] is not string key || parts[4] is not long count
            || FindStorage(type) is not { } storage || count < 0)
        {
            throw Broken(path, "its pickle refers to something that is no storage");
        }

        return parts.Length == 6 && parts[5] is object?[] view
            ? view is [_, long first, long size] && first >= 0 && size >= 0 && first <= count - size
                ? new PickledStorage(key, storage.Type, storage.Name, storage.Bytes, count, first)
                : throw Broken(path, "its pickle has a view that lies outside its storage")
            : new PickledStorage(key, storage.Type, storage.Name, storage.Bytes, count, 0);
    }

    internal static UserException Broken(string path, string problem) => new($"{path} is not a valid checkpoint of PyTorch: {problem}.");

    private static UserException Unexpected(string path, PickleGlobal global) => Broken(path, $"its pickle calls {global} with what it does not take");

    private static bool IsScript(PickleGlobal global) => global.Module == "__torch__" || global.Module.StartsWith("__torch__.", StringComparison.Ordinal);

    private static (string Name, ScalarType? Type, int Bytes)? FindStorage(PickleGlobal global) =>
        global.Module == "torch" && Storages.TryGetValue(global.Name, out (string, ScalarType?, int) storage) ? storage
        : global is { Module: "torch.storage", Name: "UntypedStorage" or "_UntypedStorage" } or { Module: "torch", Name: "UntypedStorage" } ? ("uint8", ScalarType.Byte, 1)
        : null;

    /// <summary>An element type by its name, such as <c>torch.float16</c>.</summary>
    private static (string Name, ScalarType? Type, int Bytes)? TypeOf(PickleGlobal global) =>
        global.Module != "torch" ? null
        : Storages.Values.FirstOrDefault(storage => storage.Name == global.Name) is { Name: not null } found ? found
        : OtherTypes.TryGetValue(global.Name, out int bytes) ? (global.Name, null, bytes)
        : null;

    private static object First(string path, PickleGlobal global, object?[] arguments) =>
        arguments is [{ } first, ..] ? first : throw Unexpected(path, global);

    private static List<object?> List(string path, PickleGlobal global, object?[] arguments) =>
        arguments is [] ? [] : arguments is [List<object?> items] ? items : throw Unexpected(path, global);

    /// <summary>Python 2 gave an ordered dictionary its entries as a list.</summary>
    private static PickleDictionary Dictionary(string path, PickleGlobal global, object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        if (arguments is [PickleDictionary entries])
        {
            return entries;
        }

        foreach (object? item in arguments is [] ? [] : arguments is [List<object?> list] ? list : throw Unexpected(path, global))
        {
            (object? key, object? value) = item switch
            {
                List<object?> { Count: 2 } entry => (entry[0], entry[1]),
                object?[] { Length: 2 } entry => (entry[0], entry[1]),
                _ => throw Unexpected(path, global),
            };
            dictionary[key ?? throw Unexpected(path, global)] = value;
        }

        return dictionary;
    }

    private static PickledTensor Tensor(string path, PickleGlobal global, object?[] arguments) =>
        arguments is [PickledStorage storage, long offset, object?[] shape, object?[] strides, ..] && arguments is not { Length: > 6 } or [.., null] or [.., PickleDictionary { Count: 0 }]
            ? Checked(path, global, storage, offset, shape, strides)
            : throw Unexpected(path, global);

    /// <summary>Of a type without a storage of its own: over bytes, with its type named.</summary>
    private static PickledTensor TensorOfType(string path, PickleGlobal global, object?[] arguments) =>
        arguments is [PickledStorage storage, long offset, object?[] shape, object?[] strides, _, _, PickleGlobal kind, ..] && storage.ElementBytes == 1 && TypeOf(kind) is { } type
            ? Checked(path, global, storage with { Type = type.Type, TypeName = type.Name, ElementBytes = type.Bytes, Count = storage.Count / type.Bytes }, offset, shape, strides)
            : throw Unexpected(path, global);

    private static PickledTensor Checked(string path, PickleGlobal global, PickledStorage storage, long offset, object?[] shape, object?[] strides) =>
        offset >= 0 && shape.Length <= MaxDimensions && shape.Length == strides.Length && Sizes(shape, out long[]? sizes) && Sizes(strides, out long[]? steps)
            ? new PickledTensor(storage, offset, sizes, steps)
            : throw Unexpected(path, global);

    private static bool Sizes(object?[] values, [NotNullWhen(true)] out long[]? sizes)
    {
        sizes = values.All(value => value is >= 0L) ? [.. values.Cast<long>()] : null;
        return sizes is not null;
    }
}
