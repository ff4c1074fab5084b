using UniPT.Testing;

namespace UniPT.Torch.Tests.Formats.PyTorch;

/// <summary>Files that PyTorch wrote: tests/fixtures/pytorch/make.py.</summary>
public sealed class PyTorchFileTests
{
    [Theory]
    [InlineData("layouts.pt", "a checkpoint of PyTorch")]
    [InlineData("layouts.protocol4.pt", "a checkpoint of PyTorch")]
    [InlineData("layouts.legacy.pt", "a checkpoint of PyTorch in the format before 1.6")]
    public void EveryTypeAndLayoutIsRead(string name, string format)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using TensorFile file = TensorFile.Open(Fixture(name));
        Assert.Equal(format, file.Format);
        (string, ScalarType)[] types =
        [
            ("float64", ScalarType.Float64), ("float32", ScalarType.Float32), ("float16", ScalarType.Float16), ("bfloat16", ScalarType.BFloat16),
            ("int64", ScalarType.Int64), ("int32", ScalarType.Int32), ("int16", ScalarType.Int16), ("int8", ScalarType.Int8), ("uint8", ScalarType.Byte),
        ];
        foreach ((string type, ScalarType expected) in types)
        {
            Tensor read = file.Read(type);
            Assert.Equal(expected, read.dtype);
            Assert.Equal([2, 3], read.shape);
            Assert.Equal([0f, 1, 2, 3, 4, 5], Floats(read));
        }

        float[] whole = [.. Enumerable.Range(0, 24).Select(i => (float)i)];
        Assert.Equal([1f, 0, 1], Floats(file.Read("bool")));
        Assert.Equal(ScalarType.Bool, file.Read("bool").dtype);
        Assert.Equal([2.5f], Floats(file.Read("scalar")));
        Assert.Empty(file.Read("scalar").shape);
        Assert.Equal([0, 3], file.Read("empty").shape);
        Assert.Equal(whole, Floats(file.Read("whole")));
        Assert.Equal(whole[6..18], Floats(file.Read("shared")));
        Assert.Equal([6, 4], file.Read("transposed").shape);
        Assert.Equal([0f, 6, 12, 18, 1, 7], Floats(file.Read("transposed"))[..6]);
        Assert.Equal([1f, 4, 13, 16], Floats(file.Read("strided")));
        Assert.Equal([5f, 11, 17, 23], Floats(file.Read("column")));
        Assert.Equal([1f, 1, 1, 1, 1, 2, 2, 2, 2, 2], Floats(file.Read("expanded")));
        Assert.Equal([0f, 1], Floats(file.Read("parameter")));
        Assert.False(file.Entries.ContainsKey("tagged"));
        Assert.Contains("the tensor complex64 has the type complex64", Assert.Throws<UserException>(() => file.Read("complex64")).Message);
        Assert.Contains("has no tensor nowhere", Assert.Throws<UserException>(() => file.Read("nowhere")).Message);
    }

    [Fact]
    public void TensorsShareTheFilesPagesAndOutliveIt()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TensorFile file = TensorFile.Open(Fixture("layouts.pt"));
        long before = TensorMemory.Current();
        Tensor whole = file.Read("whole");
        Tensor transposed = file.Read("transposed");
        Assert.Equal(before, TensorMemory.Current());
        file.Dispose();
        Assert.Equal(23, Floats(whole)[^1]);
        Assert.Equal(23, Floats(transposed)[^1]);
    }

    /// <summary>The names are those that <c>state_dict()</c> of the module gives, without the attribute <c>mask</c>, which is a tensor too.</summary>
    [Fact]
    public void AnArchiveOfTorchScriptIsReadForItsParametersAndBuffers()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using TensorFile script = TensorFile.Open(Fixture("script.pt"));
        using TensorFile state = TensorFile.Open(Fixture("state.pth"));
        Assert.Equal("a TorchScript archive", script.Format);
        Assert.Equal(state.Entries.Keys.Order(StringComparer.Ordinal), script.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([0f, 1, 2, 3, 4, 5], Floats(script.Read("first.linear.weight")));
        Assert.Equal([1f, 2, 3, 4, 5, 6], Floats(script.Read("second.linear.weight")));
        Assert.Equal(3, script.Read("steps").Item());
    }

    [Fact]
    public void WhatDataParallelPutBeforeNamesIsTakenOff()
    {
        using TensorFile wrapped = TensorFile.Open(Fixture("wrapped.pth"));
        using TensorFile state = TensorFile.Open(Fixture("state.pth"));
        Assert.Equal(state.Entries.Keys, wrapped.Entries.Keys);
        Assert.Equal(Fixture("wrapped.pth"), wrapped.Path);
    }

    [Theory]
    [InlineData("mdetr.pth", "mdetr.pth#model_ema", "query_embed.weight", 5 / 16f)]
    [InlineData("mdetr.pth#model", "mdetr.pth#model", "query_embed.weight", 3 / 16f)]
    [InlineData("mdetr.pth#model/backbone.0.body", "mdetr.pth#model/backbone.0.body", "conv1.weight", 2 / 16f)]
    [InlineData("mdetr.pth#backbone/0/body", "mdetr.pth#model_ema/backbone/0/body", "conv1.weight", 18 / 16f)]
    [InlineData("vse.pth#model/1", "vse.pth#model/1", "bert.embeddings.word_embeddings.weight", 1 / 16f)]
    [InlineData("vse.pth#model/1/bert", "vse.pth#model/1/bert", "embeddings.word_embeddings.weight", 1 / 16f)]
    [InlineData("vse.pth#model/0/", "vse.pth#model/0", "backbone.conv1.weight", 1 / 16f)]
    [InlineData("clip4clip.bin", "clip4clip.bin", "clip.logit_scale", 1 / 16f)]
    [InlineData("clip4clip.bin#clip", "clip4clip.bin#clip", "logit_scale", 1 / 16f)]
    public void AStateIsFoundOrNamed(string given, string path, string tensor, float first)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using TensorFile file = TensorFile.Open(Fixture(given));
        Assert.Equal(Fixture(path), file.Path);
        Assert.Equal(tensor == "query_embed.weight" && path.EndsWith("ema") ? 1 + (3 / 16f) : first, Floats(file.Read(tensor))[0]);
        using TensorFile again = TensorFile.Open(file.Path);
        Assert.Equal(file.Entries.Keys, again.Entries.Keys);
    }

    [Theory]
    [InlineData("vse.pth", "vse.pth holds 2 states: model/0 (55 tensors), model/1 (30 tensors); say which behind #, as in vse.pth#model/0.")]
    [InlineData("vse.pth#model/2", "vse.pth holds 2 states: model/0")]
    [InlineData("vse.pth#opt", "vse.pth#opt holds no state")]
    [InlineData("mdetr.pth#args", "holds no state")]
    [InlineData("clip4clip.bin#vision", "clip4clip.bin has no part vision: it has 26 tensors (")]
    public void AStateThatIsNotThereOrNotTheOnlyOneIsSaid(string given, string expected) =>
        Assert.Contains(expected, Assert.Throws<UserException>(() => TensorFile.Open(Fixture(given))).Message);

    [Theory]
    [InlineData("evil.pth", "names posix.system in its pickle")]
    [InlineData("evil.legacy.pth", "names posix.system in its pickle")]
    [InlineData("network.pth", "names __main__.Whole")]
    public void ANameThatIsNeitherTensorNorContainerIsSaidAndNothingRuns(string name, string expected)
    {
        string message = Assert.Throws<UserException>(() => TensorFile.Open(Fixture(name))).Message;
        Assert.StartsWith(Fixture(name), message);
        Assert.Contains(expected, message);
        Assert.Contains("nothing of it was run", message);
        Assert.False(File.Exists("it-ran"));
    }

    [Fact]
    public void AnotherOrderOfBytesIsRefused()
    {
        using var folder = new TemporaryFolder();
        byte[] legacy = File.ReadAllBytes(Fixture("layouts.legacy.pt"));
        int at = legacy.AsSpan().IndexOf("little_endian"u8);
        at += legacy.AsSpan(at).IndexOf((byte)0x88);
        legacy[at] = 0x89;
        File.WriteAllBytes(folder.File("big.pt"), legacy);
        Assert.Contains("(big-endian), which is not read", Assert.Throws<UserException>(() => TensorFile.Open(folder.File("big.pt"))).Message);

        ZipBytes.Write(folder.File("zip.pt"), ("a/data.pkl", Pickles.State), ("a/byteorder", "big"u8.ToArray()), ("a/data/0", new byte[8]));
        Assert.Contains("(big-endian), which is not read", Assert.Throws<UserException>(() => TensorFile.Open(folder.File("zip.pt"))).Message);
    }

    [Theory]
    [InlineData("layouts.pt")]
    [InlineData("layouts.legacy.pt")]
    [InlineData("script.pt")]
    public void AFileThatIsCutOffAnywhereIsRefused(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] whole = File.ReadAllBytes(Fixture(name));
        for (int length = 2; length < whole.Length; length += 13)
        {
            File.WriteAllBytes(folder.File("cut"), whole[..length]);
            Assert.Throws<UserException>(() => TensorFile.Open(folder.File("cut")).Dispose());
        }

        File.WriteAllBytes(folder.File("cut"), whole[..^10]);
        Assert.Contains("cut off", Assert.Throws<UserException>(() => TensorFile.Open(folder.File("cut"))).Message);
    }

    internal static string Fixture(string name) => Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "pytorch", name);

    private static float[] Floats(Tensor tensor) => tensor.to(ScalarType.Float32).ToArray<float>();
}
