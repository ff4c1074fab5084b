using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Tests.Hosts;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.UniPT;

/// <summary>Files with the names of the authors' checkpoints, by PyTorch: tests/fixtures/pytorch/make.py.</summary>
public sealed class PublishedCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = torch.NewDisposeScope();

    public static TheoryData<PublishedForm, string, string> Files => new()
    {
        { PublishedForm.Vse, "vse.pth", "model/0" },
        { PublishedForm.Vse, "vse.pth", "model/1" },
        { PublishedForm.Clip4clip, "clip4clip.bin", "" },
        { PublishedForm.ClipVil, "clipvil.pth", "" },
        { PublishedForm.Mdetr, "mdetr.pth", "model_ema" },
    };

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(PublishedForm.Vse, "vse.pth", "image.method", 3, 5)]
    [InlineData(PublishedForm.Vse, "vse.pth", "text.method", 3, 5)]
    [InlineData(PublishedForm.Clip4clip, "clip4clip.bin", "image.method", 3, 5)]
    [InlineData(PublishedForm.Clip4clip, "clip4clip.bin", "text.method", 3, 5)]
    [InlineData(PublishedForm.ClipVil, "clipvil.pth", "method", 3, 6)]
    [InlineData(PublishedForm.Mdetr, "mdetr.pth", "method", 2, 4)]
    public void EveryNetworkLoadsAndIsWrittenBack(PublishedForm form, string name, string place, int width, int output)
    {
        var published = PublishedCheckpoint.Read(Fixture(name), form);
        using TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Form = form, Width = width }).Attach(StreamOf(form, place), Weights.Fresh(7), output);

        tuned.Store.LoadState(published.StateAt(place), name);

        foreach ((string tensor, Tensor value) in tuned.Store.State())
        {
            Assert.Equal(published.State[$"{place}.{tensor}"].ToBytes(), value.ToBytes());
        }

        using (torch.no_grad())
        {
            foreach (Parameter parameter in tuned.Store.Parameters.Values)
            {
                parameter.fill_(Scalars.Of(0.5));
            }
        }

        published.With(place, tuned.Store.State()).Write(_folder.File("changed.pth"));
        var again = PublishedCheckpoint.Read(_folder.File("changed.pth"), form);
        Assert.All(tuned.Store.Parameters.Keys, tensor => Assert.Equal(0.5, again.State[$"{place}.{tensor}"].mean().Item()));
        Assert.Equal(published.State.Keys.Order(StringComparer.Ordinal), again.State.Keys.Order(StringComparer.Ordinal));
        Assert.All(published.State.Where(pair => !pair.Key.StartsWith($"{place}.")), pair => Assert.Equal(pair.Value.ToBytes(), again.State[pair.Key].ToBytes()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void AFileIsWrittenBackWithItsNamesTypesShapesAndValues(PublishedForm form, string name, string entry)
    {
        PublishedCheckpoint.Read(Fixture(name), form).Write(_folder.File("written.pth"));
        string At(string file, string place) => place.Length > 0 ? $"{file}#{place}" : file;
        using TensorFile first = TensorFile.Open(At(Fixture(name), entry));
        using TensorFile second = TensorFile.Open(At(_folder.File("written.pth"), entry == "model_ema" ? "model" : entry));
        Assert.Equal(first.Entries.Keys.Order(StringComparer.Ordinal), second.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(first.IsWrapped, second.IsWrapped);
        Assert.Equal(entry == "model/0", first.IsWrapped);
        foreach (TensorEntry tensor in first.Entries.Values)
        {
            TensorEntry written = second.Entries[tensor.Name];
            Assert.Equal(tensor.Shape, written.Shape);
            Assert.Equal(tensor.Type, written.Type);
            Assert.Equal(first.Read(tensor.Name).ToBytes(), second.Read(tensor.Name).ToBytes());
            Assert.Equal(0, written.Offset % written.Type!.Value.Size());
        }
    }

    [Fact]
    public void OneThatIsFilledHereHasTheAuthorsNamesAndCounters()
    {
        using TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Width = 3 }).Attach(StreamOf(PublishedForm.Vse, "image.method"), Weights.Fresh(7), 5);
        using TunedBackbone text = new UniPTMethod(new UniPTOptions { Width = 3 }).Attach(StreamOf(PublishedForm.Vse, "text.method"), Weights.Fresh(7), 5);
        PublishedCheckpoint.Empty(PublishedForm.Vse).With("image.method", tuned.Store.State()).With("text.method", text.Store.State()).Write(_folder.File("new.pth"));
        using TensorFile expected = TensorFile.Open($"{Fixture("vse.pth")}#model/0/side_tuning_module");
        using TensorFile written = TensorFile.Open($"{_folder.File("new.pth")}#model/0/side_tuning_module");
        Assert.Equal(expected.Entries.Keys.Order(StringComparer.Ordinal), written.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(0, written.Read("projection_layer.1.num_batches_tracked").Item());
    }

    [Fact]
    public void TheFrozenNetworkIsOpenedFromTheSameFile()
    {
        using TensorFile bert = TensorFile.Open($"{Fixture("vse.pth")}#model/1/bert");
        Assert.Equal(["embeddings.word_embeddings.weight"], bert.Entries.Keys);
    }

    /// <summary>Clip-ViL's has the parallel network's tensors among its own, so that no beginning of names tells them apart.</summary>
    [Fact]
    public void AFrozenNetworkAmongOtherTensorsIsOpenedOrWrittenToAFileOfItsOwn()
    {
        Dictionary<string, Tensor> whole = Read(Fixture("clipvil.pth")).Where(pair => pair.Key.Contains("side_") || pair.Key.StartsWith("logit_fc.")).ToDictionary();
        foreach ((string name, Tensor tensor) in Read(SmallBackbones.Write("clip_vil", _folder.File("small.safetensors"))))
        {
            whole.Add($"lxrt_encoder.model.bert.{name}", tensor);
        }

        PyTorchWriter.Write(_folder.File("published.pth"), whole.ToDictionary(pair => pair.Key, pair => (object)pair.Value));
        var published = PublishedCheckpoint.Read(_folder.File("published.pth"), PublishedForm.ClipVil);
        SafetensorsWriter.Write(_folder.File("frozen.safetensors"), published.StateAt("backbone"));

        Backbone expected = BackboneRegistry.Open("clip_vil", _folder.File("small.safetensors"));
        using WeightStore other = expected.Store;
        var input = new BackboneInput((BackboneInput.PixelsPart, torch.rand(1, 3, 64, 64)), (BackboneInput.TokensPart, torch.ones([1, 4], dtype: ScalarType.Int64)));
        foreach (string name in new[] { "published.pth", "frozen.safetensors" })
        {
            Backbone frozen = BackboneRegistry.Open("clip_vil", _folder.File(name));
            using WeightStore store = frozen.Store;
            Assert.True((expected.forward(input).Only.Layers[^1] - frozen.forward(input).Only.Layers[^1]).abs().max().Item() < 1e-5);
        }

        static Dictionary<string, Tensor> Read(string path)
        {
            using TensorFile file = TensorFile.Open(path);
            return file.Entries.Keys.ToDictionary(name => name, file.Read);
        }
    }

    [Fact]
    public void AnotherSystemsFileIsRefused()
    {
        string message = Assert.Throws<UserException>(() => PublishedCheckpoint.Read(Fixture("clip4clip.bin"), PublishedForm.ClipVil)).Message;
        Assert.Contains("is no ClipVil checkpoint of UniPT's authors: it has no tensor whose name begins with lxrt_encoder.model.bert.encoder.side_", message);
        Assert.Contains("The form T5Derived was not published", Assert.Throws<UserException>(() => PublishedCheckpoint.Empty(PublishedForm.T5Derived)).Message);
    }

    [Fact]
    public void TensorsOfOtherNamesOrShapesAreNotPutIn()
    {
        var published = PublishedCheckpoint.Read(Fixture("vse.pth"), PublishedForm.Vse);
        var state = new Dictionary<string, Tensor>(published.StateAt("text.method")) { ["gate_layer.bias"] = torch.ones(2) };
        Assert.Contains("gate_layer.bias has the shape [2], the model needs [1]", Assert.Throws<UserException>(() => published.With("text.method", state)).Message);
        state.Remove("gate_layer.bias");
        Assert.Contains("lacks 1 tensor (gate_layer.bias)", Assert.Throws<UserException>(() => published.With("text.method", state)).Message);
    }

    private static BackboneStream StreamOf(PublishedForm form, string place)
    {
        Tensor[] Tokens(int layers, int width) => [.. Enumerable.Range(0, layers).Select(_ => torch.zeros(1, 2, width))];
        return form switch
        {
            PublishedForm.Vse when place == "image.method" => new GivenStates(new HiddenStates([.. new[] { 4, 6, 8, 10 }.Select((width, i) => torch.zeros(1, width, 64 >> i, 64 >> i))])).Streams.Only,
            PublishedForm.Mdetr => new GivenStates(new HiddenStates(Tokens(4, 4)) { Memory = new HiddenStates(Tokens(4, 4)) }).Streams[BackboneStream.Decoder],
            PublishedForm.Clip4clip => new GivenStates(new HiddenStates(Tokens(3, place == "text.method" ? 4 : 6)) { Pooled = torch.zeros(1, 5) }).Streams.Only,
            _ => new GivenStates(new HiddenStates(Tokens(3, 6))).Streams.Only,
        };
    }

    private static string Fixture(string name) => Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "pytorch", name);
}
