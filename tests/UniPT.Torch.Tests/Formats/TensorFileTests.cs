using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats;

/// <summary>Folders, files split over several, parts of files: whatever the format.</summary>
public sealed class TensorFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void TheFormatIsToldByContent()
    {
        File.Copy(Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "pytorch", "state.pth"), _folder.File("model.safetensors"));
        Write("odd.pth", "w");
        Assert.Equal("a checkpoint of PyTorch", FormatOf(_folder.File("model.safetensors")));
        Assert.Equal("a safetensors file", FormatOf(_folder.File("odd.pth")));
        File.WriteAllText(_folder.File("odd.bin"), "no weights at all");
        Assert.Contains("odd.bin is not a valid safetensors file", Refusal("odd.bin"));
        Assert.Contains("Cannot read", Refusal("nowhere.pth"));
    }

    [Fact]
    public void AFolderHasTheUsualFileOrOne()
    {
        Assert.Contains("is a folder without weights; expected model.safetensors or", Refusal(""));
        Write("a.safetensors", "a");
        Assert.Equal(["a"], NamesOf(_folder.FullName));
        Write("b.safetensors", "b");
        Assert.Contains("2 files of weights; name one of a.safetensors, b.safetensors", Refusal(""));
        File.Copy(Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "pytorch", "clip4clip.bin"), _folder.File("pytorch_model.bin"));
        Assert.Contains("clip.logit_scale", NamesOf(_folder.FullName));
        Assert.Equal(["class_embedding"], NamesOf($"{_folder.FullName}#clip/visual"));
        Write("model.safetensors", "c");
        Assert.Equal(["c"], NamesOf(_folder.FullName));
    }

    [Fact]
    public void APartIsNamedBehindANumberSignThatFilesMayHaveToo()
    {
        Write("a#b.safetensors", "one.x", "one.y", "two.x");
        string path = _folder.File("a#b.safetensors");
        Assert.Equal(["one.x", "one.y", "two.x"], NamesOf(path).Order(StringComparer.Ordinal));
        Assert.Equal(["x", "y"], NamesOf($"{path}#one").Order(StringComparer.Ordinal));
        Assert.Contains("has no part three: it has 3 tensors", Assert.Throws<UserException>(() => TensorFile.Open($"{path}#three")).Message);
        using TensorFile part = TensorFile.Open($"{path}#one");
        Assert.Equal("x", part.Entries["x"].Name);
        Assert.Equal(1, part.Read("x").Item());
        Assert.Contains("#one has no tensor one.x", Assert.Throws<UserException>(() => part.Read("one.x")).Message);
    }

    [Fact]
    public void WeightsAreReadFromSeveralFilesByTheirIndex()
    {
        Write("part-1.safetensors", "a", "b");
        Write("part-2.safetensors", "c");
        Index("""{"metadata": {"total_size": 12}, "weight_map": {"a": "part-1.safetensors", "b": "part-1.safetensors", "c": "part-2.safetensors"}}""");
        using TensorFile file = TensorFile.Open(_folder.FullName);
        Assert.Equal("the index of 2 files, each a safetensors file", file.Format);
        Assert.Equal(["a", "b", "c"], file.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, file.Read("c").Item());
        string version = file.Version;
        File.SetLastWriteTimeUtc(_folder.File("part-2.safetensors"), DateTime.UtcNow.AddDays(1));
        Assert.NotEqual(version, file.Version);

        Weights weights = Weights.Open(_folder.File("model.safetensors.index.json"));
        using WeightStore store = weights.Store;
        weights.Parameter("a", Initializers.Ones, 1);
        Assert.Contains("unexpected 2 tensors (b, c)", Assert.Throws<UserException>(store.EnsureAllUsed).Message);
    }

    [Theory]
    [InlineData("""{"weight_map": {"a": "part-1.safetensors"}}""", "does not name 1 tensor (b) that part-1.safetensors has")]
    [InlineData("""{"weight_map": {"a": "part-1.safetensors", "b": "part-1.safetensors", "z": "part-1.safetensors"}}""", "says that part-1.safetensors has 1 tensor (z), and it has not")]
    [InlineData("""{"weight_map": {"a": "part-9.safetensors"}}""", "Cannot read")]
    [InlineData("""{"weight_map": {"a": "../part-1.safetensors"}}""", "names ../part-1.safetensors for a; expected a file beside it")]
    [InlineData("""{"weight_map": {"a": "/etc/passwd"}}""", "names /etc/passwd for a")]
    [InlineData("""{"weight_map": {"a": ".."}}""", "names .. for a")]
    [InlineData("""{"weight_map": {"a": "x", "a": "x"}}""", "twice")]
    [InlineData("""{"weight_map": {}}""", "names no tensors")]
    [InlineData("""{"weight_map": {"a": 1}}""", "expected JSON with a weight_map")]
    [InlineData("""{"weight_map": [1]}""", "expected JSON with a weight_map")]
    [InlineData("""{"other": {}}""", "expected JSON with a weight_map")]
    [InlineData("{", "expected JSON with a weight_map")]
    public void AnIndexThatDoesNotFitIsRefused(string json, string expected)
    {
        Write("part-1.safetensors", "a", "b");
        Index(json);
        Assert.Contains(expected, Refusal("model.safetensors.index.json"));
    }

    [Fact]
    public void ValuesThatAreNoNumbersAreSaidInFilesOfPyTorchToo()
    {
        string path = _folder.File("nan.pth");
        byte[] bytes = File.ReadAllBytes(Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "pytorch", "state.pth"));
        using (TensorFile file = TensorFile.Open(Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "pytorch", "state.pth")))
        {
            BitConverter.GetBytes(float.NaN).CopyTo(bytes, file.Entries["second.linear.weight"].Offset);
        }

        File.WriteAllBytes(path, bytes);
        Weights weights = Weights.Open(path);
        using WeightStore store = weights.Store;
        weights.Parameter("first.linear.weight", Initializers.Ones, 3, 2);
        string message = Assert.Throws<UserException>(() => weights.Parameter("second.linear.weight", Initializers.Ones, 3, 2)).Message;
        Assert.StartsWith($"{path} is damaged: the tensor second.linear.weight has values", message);
    }

    [Fact]
    public void AWeightThatIsAViewAcrossItsStorageTrainsInMemoryOfItsOwn()
    {
        Weights weights = Weights.Open(Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "pytorch", "layouts.pt"), trainable: true);
        using WeightStore store = weights.Store;
        Tensor transposed = weights.Parameter("transposed", Initializers.Ones, 6, 4);
        Tensor whole = weights.Parameter("whole", Initializers.Ones, 4, 6);
        Assert.True(transposed.is_contiguous());
        using (torch.no_grad())
        {
            transposed.fill_(Scalars.Of(1));
        }

        Assert.Equal(276, whole.sum().Item());
    }

    private static string FormatOf(string path)
    {
        using TensorFile file = TensorFile.Open(path);
        return file.Format;
    }

    private static string[] NamesOf(string path)
    {
        using TensorFile file = TensorFile.Open(path);
        return [.. file.Entries.Keys];
    }

    private string Refusal(string name) => Assert.Throws<UserException>(() => TensorFile.Open(name.Length > 0 ? _folder.File(name) : _folder.FullName)).Message;

    private void Write(string name, params string[] tensors) =>
        SafetensorsWriter.Write(_folder.File(name), tensors.ToDictionary(tensor => tensor, _ => torch.ones(1)));

    private void Index(string json) => File.WriteAllText(_folder.File("model.safetensors.index.json"), json);
}
