using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using UniPT.Testing;
using ElementType = Onnx.TensorProto.Types.DataType;

namespace UniPT.Torch.Tests.Formats;

public sealed class OnnxFileTests
{
    private static readonly float[] Expected = [0.5f, -2, 4, 1024, 0, -0.25f];

    public static TheoryData<string> Kinds => ["float", "raw float", "raw half", "double", "raw double"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryWayToStoreFloatsIsRead(string kind)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        OnnxFile file = Opened(Tensor(kind));
        Assert.Equal(["w"], file.Names);
        Assert.True(file.HoldsFloats("w"));
        Tensor read = file.Read("w");
        Assert.Equal([2, 3], read.shape);
        Assert.Equal(Expected, read.ToArray<float>());
    }

    [Fact]
    public void TheGraphsOperationsAreListed()
    {
        var graph = new GraphProto();
        var node = new NodeProto { OpType = "MatMul" };
        node.Input.Add(["a", "b"]);
        node.Output.Add("c");
        graph.Node.Add(node);
        OnnxNode listed = Assert.Single(Opened(graph).Nodes);
        Assert.Equal("MatMul", listed.Operator);
        Assert.Equal(["a", "b"], listed.Inputs);
        Assert.Equal(["c"], listed.Outputs);
    }

    [Fact]
    public void ValuesInAnotherFileAreRefused()
    {
        TensorProto tensor = Tensor("raw float");
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../../etc/passwd" });
        Assert.Equal(
            "test.onnx keeps the values of w in another file, which is not supported; save the model with its weights inside.", Refusal(tensor));
    }

    [Fact]
    public void ValuesThatDoNotFillTheShapeAreRefused()
    {
        TensorProto tensor = Tensor("raw float");
        tensor.RawData = ByteString.CopyFrom(tensor.RawData.ToByteArray()[..20]);
        Assert.Contains("the initialiser w has 5 values; [2, 3] needs 6", Refusal(tensor));
        tensor.RawData = ByteString.CopyFrom(tensor.RawData.ToByteArray()[..18]);
        Assert.Contains("the bytes of w end within a value", Refusal(tensor));
        tensor.RawData = Bytes(Expected);
        tensor.Dims.Clear();
        tensor.Dims.Add([long.MaxValue, long.MaxValue]);
        Assert.Contains("values; [9223372036854775807, 9223372036854775807] needs", Refusal(tensor));
        tensor.Dims[0] = -1;
        Assert.Contains("has the shape [-1, ", Refusal(tensor));
    }

    [Fact]
    public void OtherTypesAndNamesAreRefused()
    {
        TensorProto tensor = Tensor("float");
        tensor.DataType = (int)ElementType.Int8;
        Assert.Contains("the initialiser w holds Int8, which is not supported as weights", Refusal(tensor));
        Assert.False(Opened(tensor).HoldsFloats("w"));
        Assert.Contains("there is no initialiser v", Assert.Throws<UserException>(() => Opened(Tensor("float")).Read("v")).Message);
    }

    /// <summary>Cut anywhere, a file is refused, or lacks what came after; nothing else may escape.</summary>
    [Fact]
    public void AFileThatIsCutOffIsRefusedOrLacksWhatCameAfter()
    {
        using var folder = new TemporaryFolder();
        var graph = new GraphProto();
        graph.Initializer.Add(Tensor("raw float"));
        byte[] whole = new ModelProto { Graph = graph, ProducerName = "a test" }.ToByteArray();
        int refused = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder.File("cut.onnx"), whole[..length]);
            try
            {
                using DisposeScope scope = torch.NewDisposeScope();
                OnnxFile.Open(folder.File("cut.onnx")).Read("w");
            }
            catch (UserException)
            {
                refused++;
            }
        }

        Assert.True(refused >= whole.Length - 10, $"{refused} of {whole.Length}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK\u0003\u0004 not a graph")]
    [InlineData("<html>")]
    public void OtherFilesAreRefused(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.onnx"), content);
        Assert.Contains("x.onnx is not an ONNX file", Assert.Throws<UserException>(() => OnnxFile.Open(folder.File("x.onnx"))).Message);
    }

    [Fact]
    public void AMissingFileIsSaid() => Assert.StartsWith("Cannot read nowhere.onnx: ", Assert.Throws<UserException>(() => OnnxFile.Open("nowhere.onnx")).Message);

    private static string Refusal(TensorProto tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Assert.Throws<UserException>(() => Opened(tensor).Read("w")).Message;
    }

    private static OnnxFile Opened(TensorProto tensor)
    {
        var graph = new GraphProto();
        graph.Initializer.Add(tensor);
        return Opened(graph);
    }

    private static OnnxFile Opened(GraphProto graph)
    {
        using var stream = new MemoryStream(new ModelProto { Graph = graph }.ToByteArray());
        return OnnxFile.Read(stream, "test.onnx");
    }

    private static TensorProto Tensor(string kind)
    {
        var tensor = new TensorProto { Name = "w" };
        tensor.Dims.Add([2, 3]);
        tensor.DataType = (int)(kind switch
        {
            "raw half" => ElementType.Float16,
            "double" or "raw double" => ElementType.Double,
            _ => ElementType.Float,
        });
        switch (kind)
        {
            case "float":
                tensor.FloatData.Add(Expected);
                break;
            case "double":
                tensor.DoubleData.Add(Expected.Select(value => (double)value));
                break;
            case "raw float":
                tensor.RawData = Bytes(Expected);
                break;
            case "raw half":
                tensor.RawData = Bytes(Array.ConvertAll(Expected, value => (Half)value));
                break;
            default:
                tensor.RawData = Bytes(Array.ConvertAll(Expected, value => (double)value));
                break;
        }

        return tensor;
    }

    private static ByteString Bytes<T>(T[] values) where T : unmanaged => ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()));
}
