using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using ElementType = Onnx.TensorProto.Types.DataType;

namespace UniPT.Torch;

/// <summary>One operation of an ONNX graph: what it computes, and the names of what it reads and gives.</summary>
public sealed record OnnxNode(string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);

/// <summary>
/// The weights of an ONNX file (https://onnx.ai, <c>ModelProto</c>): its graph's initialisers, and the operations that read them. Nothing
/// is executed. The file is untrusted: a tensor's bytes are checked against its shape before it is made.
/// </summary>
public sealed class OnnxFile
{
    private const int MaxDimensions = 16;
    private readonly string _path;
    private readonly Dictionary<string, TensorProto> _initializers = new(StringComparer.Ordinal);

    private OnnxFile(string path, GraphProto graph)
    {
        _path = path;
        foreach (TensorProto tensor in graph.Initializer)
        {
            if (!_initializers.TryAdd(tensor.Name, tensor))
            {
                throw Broken($"the initialiser {tensor.Name} occurs twice");
            }
        }

        Nodes = [.. graph.Node.Select(node => new OnnxNode(node.OpType, [.. node.Input], [.. node.Output]))];
    }

    /// <summary>The operations in the file's order, which is one in which they can be computed.</summary>
    public IReadOnlyList<OnnxNode> Nodes { get; }

    /// <summary>The names of the initialisers, in the file's order.</summary>
    public IReadOnlyCollection<string> Names => _initializers.Keys;

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserException">It is missing, unreadable, cut off or no ONNX file.</exception>
    public static OnnxFile Open(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Read(file, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot read {path}: {error.Message}", error);
        }
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The bytes of a file.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="UserException">They are cut off or no ONNX file.</exception>
    public static OnnxFile Read(Stream stream, string path)
    {
        try
        {
            GraphProto? graph = ModelProto.Parser.ParseFrom(stream).Graph;
            return graph is { Node.Count: > 0 } or { Initializer.Count: > 0 }
                ? new OnnxFile(path, graph)
                : throw new UserException($"{path} is not an ONNX file: it holds no graph.");
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new UserException($"{path} is not an ONNX file, or is cut off: {error.Message}", error);
        }
    }

    /// <summary>The shape of an initialiser.</summary>
    /// <exception cref="UserException">There is none of that name, or its shape is none.</exception>
    public long[] Shape(string name)
    {
        TensorProto tensor = Find(name);
        return tensor.Dims.Count <= MaxDimensions && tensor.Dims.All(size => size >= 0)
            ? [.. tensor.Dims]
            : throw Broken($"the initialiser {name} has the shape [{string.Join(", ", tensor.Dims.Take(MaxDimensions))}]");
    }

    /// <summary>Whether there is an initialiser of that name that holds floating-point numbers.</summary>
    public bool HoldsFloats(string name) => _initializers.TryGetValue(name, out TensorProto? tensor)
        && (ElementType)tensor.DataType is ElementType.Float or ElementType.Float16 or ElementType.Double;

    /// <summary>An initialiser's values as float32, in the current scope.</summary>
    /// <exception cref="UserException">There is none of that name, its values are in another file or of another type, or are cut off.</exception>
    public Tensor Read(string name)
    {
        TensorProto tensor = Find(name);
        long[] shape = Shape(name);
        if (tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0)
        {
            throw new UserException($"{_path} keeps the values of {name} in another file, which is not supported; save the model with its weights inside.");
        }

        float[] values = (ElementType)tensor.DataType switch
        {
            ElementType.Float when tensor.RawData.IsEmpty => [.. tensor.FloatData],
            ElementType.Float => Cast<float>(name, tensor),
            ElementType.Float16 when !tensor.RawData.IsEmpty => Array.ConvertAll(Cast<Half>(name, tensor), value => (float)value),
            ElementType.Double when tensor.RawData.IsEmpty => [.. tensor.DoubleData.Select(value => (float)value)],
            ElementType.Double => Array.ConvertAll(Cast<double>(name, tensor), value => (float)value),
            var type => throw new UserException($"{_path}: the initialiser {name} holds {type}, which is not supported as weights."),
        };
        BigInteger expected = shape.Aggregate(BigInteger.One, (product, size) => product * size);
        return values.Length == expected
            ? TensorData.From(values, shape)
            : throw Broken($"the initialiser {name} has {values.Length} values; [{string.Join(", ", shape)}] needs {expected}");
    }

    private T[] Cast<T>(string name, TensorProto tensor) where T : unmanaged =>
        tensor.RawData.Length % Marshal.SizeOf<T>() == 0
            ? MemoryMarshal.Cast<byte, T>(tensor.RawData.Span).ToArray()
            : throw Broken($"the bytes of {name} end within a value");

    private TensorProto Find(string name) => _initializers.GetValueOrDefault(name) ?? throw Broken($"there is no initialiser {name}");

    private UserException Broken(string problem) => new($"{_path} is not the ONNX file that was expected: {problem}.");
}
