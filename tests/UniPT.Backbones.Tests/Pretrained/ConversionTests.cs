using Google.Protobuf;
using Onnx;
using UniPT.Backbones.Pretrained;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Pretrained;

public sealed class ConversionTests
{
    [Fact]
    public void AWeightTakesItsNameFromTheBiasBehindItsProductAndIsTransposed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var graph = new GraphProto();
        graph.Initializer.Add(Values("927", [2, 3], 1, 2, 3, 4, 5, 6));
        graph.Initializer.Add(Values("a.query.bias", [3], 7, 8, 9));
        graph.Node.Add(Node("MatMul", ["x", "927"], ["y"]));
        graph.Node.Add(Node("Add", ["y", "a.query.bias"], ["z"]));
        Dictionary<string, Tensor> named = MiniLm.Named(Opened(graph));
        Assert.Equal(["a.query.bias", "a.query.weight"], named.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([3, 2], named["a.query.weight"].shape);
        Assert.Equal([1f, 4, 2, 5, 3, 6], named["a.query.weight"].ToArray<float>());
    }

    [Fact]
    public void AProductWithoutABiasIsNoBert()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var graph = new GraphProto();
        graph.Initializer.Add(Values("927", [1, 1], 1));
        graph.Node.Add(Node("MatMul", ["x", "927"], ["y"]));
        Assert.Contains("adds no bias to the product with 927", Assert.Throws<UserException>(() => MiniLm.Named(Opened(graph))).Message);
    }

    [Fact]
    public void ConvolutionsAreNamedByTheirOrder()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var graph = new GraphProto();
        foreach ((string name, long kernel) in new[] { ("s", 7L), ("a", 3), ("b", 3), ("c", 1), ("d", 3), ("e", 3), ("f", 3), ("g", 3) })
        {
            graph.Initializer.Add(Values(name, [1, 1, kernel, kernel], [.. Enumerable.Repeat(1f, (int)(kernel * kernel))]));
            string[] norm = [.. Enumerable.Range(0, 4).Select(i => $"{name}{i}")];
            graph.Initializer.Add(norm.Select(each => Values(each, [1], 1)));
            graph.Node.Add(Node("Conv", ["x", name], [$"{name}.out"]));
            graph.Node.Add(Node("BatchNormalization", [$"{name}.out", .. norm], [$"{name}.norm"]));
        }

        Assert.Equal(
            ["conv1", "layer1.0.conv1", "layer1.0.conv2", "layer2.0.downsample.0", "layer2.0.conv1", "layer2.0.conv2", "layer2.1.conv1", "layer2.1.conv2"],
            CntkResNet.Named(Opened(graph)).Select(pair => pair.Name).Where(name => name.Contains("conv") || name.Contains("sample.0")).Select(name => name.Replace(".weight", "")));
        graph.Node.RemoveAt(graph.Node.Count - 1);
        Assert.Contains("no batch norm after the convolution layer2.1.conv2", Assert.Throws<UserException>(() => CntkResNet.Named(Opened(graph)).ToList()).Message);
    }

    [Theory]
    [InlineData("minilm_l6", "is not a whole .NET library")]
    [InlineData("resnet18", "is not the file that this version was written for, or is damaged: its SHA-256 is ")]
    public void AFileThatIsCutOffIsRefused(string name, string said)
    {
        PretrainedModel model = PretrainedModels.Find(name)!;
        using var folder = new TemporaryFolder();
        string whole = Path.Combine(model.Package.FolderIn(NuGetPackage.UsersFolder!), model.PackageFile);
        File.WriteAllBytes(folder.File("cut"), File.ReadAllBytes(whole)[..1_000_000]);
        Assert.Contains(said, Assert.Throws<UserException>(() => model.Convert(folder.File("cut"), folder.FullName)).Message);
    }

    [Fact]
    public void AnotherLibraryIsRefused()
    {
        using var folder = new TemporaryFolder();
        string library = typeof(ConversionTests).Assembly.Location;
        var error = Assert.Throws<UserException>(() => PretrainedModels.Find("minilm_l6")!.Convert(library, folder.FullName));
        Assert.Equal($"{library} holds no model.onnx; another version of the package was expected.", error.Message);
    }

    private static OnnxFile Opened(GraphProto graph)
    {
        using var stream = new MemoryStream(new ModelProto { Graph = graph }.ToByteArray());
        return OnnxFile.Read(stream, "test.onnx");
    }

    private static NodeProto Node(string type, string[] inputs, string[] outputs)
    {
        var node = new NodeProto { OpType = type };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        return node;
    }

    private static TensorProto Values(string name, long[] shape, params float[] values)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float };
        tensor.Dims.Add(shape);
        tensor.FloatData.Add(values);
        return tensor;
    }
}
