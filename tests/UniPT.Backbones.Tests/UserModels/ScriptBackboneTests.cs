using UniPT.Backbones.UserModels;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.UserModels;

public sealed class ScriptBackboneTests
{
    [Fact]
    public void LearnsTokensFromATuple()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ScriptBackbone backbone = ScriptBackbone.Open(Fixture("encoder"), Ids(2, 5), allowPrograms: true);
        using WeightStore store = backbone.Store;

        Assert.Equal("encoder.pt", backbone.Name);
        Assert.Equal(HiddenLayout.Tokens, backbone.Streams.Only.Layout);
        Assert.Equal([16, 16, 16], backbone.Streams.Only.Widths);
        Assert.Equal(["state 0", "state 1", "state 2"], backbone.Streams.Only.LayerNames);
        Assert.Equal(["embedding.weight", "first.bias", "first.weight", "second.bias", "second.weight"], store.State().Keys.Order());
        Assert.Equal((32 * 16) + (2 * 17 * 16), store.ParameterCount);
        Assert.Empty(store.Trainable);

        // Its dropout rests.
        var input = new BackboneInput(Ids(3, 4), [4, 1, 2]);
        HiddenStates states = backbone.forward(input).Only;
        Assert.Equal(states.Layers[1].ToArray<float>(), backbone.forward(input).Only.Layers[1].ToArray<float>());
        Tensor expected = states.Layers[0].Add(nn.functional.linear(states.Layers[0], store.Parameters["first.weight"], store.Parameters["first.bias"]).tanh());
        Assert.Equal(0, (states.Layers[1] - expected).abs().max().Item(), 1e-6);
        Assert.Equal([4, 1, 2], TokenMask.Lengths(states.Mask!)!);
        Assert.All(states.Layers, state => Assert.False(state.requires_grad));
    }

    [Fact]
    public void LearnsMapsFromAList()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ScriptBackbone backbone = ScriptBackbone.Open(Fixture("maps"), torch.rand(1, 3, 8, 8), allowPrograms: true);
        using WeightStore store = backbone.Store;

        Assert.Equal(HiddenLayout.Maps, backbone.Streams.Only.Layout);
        Assert.Equal([4, 6], backbone.Streams.Only.Widths);
        Assert.Equal([2, 6, 4, 2], backbone.forward(new BackboneInput(torch.rand(2, 3, 16, 8))).Only.Layers[1].shape);
    }

    [Fact]
    public void TakesOtherArguments()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var example = new BackboneInput(torch.rand(2, 3, 4), [1, 3]);
        ScriptBackbone backbone = ScriptBackbone.Open(
            Fixture("pair"), example, input => [input.Values, input.Mask!], allowPrograms: true);
        using WeightStore store = backbone.Store;

        Assert.Equal(new float[4], backbone.forward(example).Only.Layers[1][0, 2].ToArray<float>());
    }

    [Fact]
    public void NothingIsLeft()
    {
        ScriptBackbone.Open(Fixture("encoder"), Ids(1, 2), allowPrograms: true).Store.Dispose();
        TensorCount live = TensorCount.Now();
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            ScriptBackbone backbone = ScriptBackbone.Open(Fixture("encoder"), Ids(2, 5), allowPrograms: true);
            backbone.forward(new BackboneInput(Ids(2, 5)));
            backbone.Store.Dispose();
            Assert.Throws<UserException>(() => ScriptBackbone.Open(Fixture("throws"), torch.rand(2, 3), allowPrograms: true));
        }

        // Not its bytes: those of a script that failed in the middle of its forward stay with libtorch.
        TensorCount left = TensorCount.Now();
        Assert.Equal((live.Live, live.Finalized), (left.Live, left.Finalized));
    }

    [Fact]
    public void AProgramIsOpenedOnlyWhereThatIsSaid()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Contains("a TorchScript file is a program that may do whatever this process may; say allowPrograms: true", () => ScriptBackbone.Open(Fixture("encoder"), Ids(2, 5)));
    }

    [Fact]
    public void FilesThatAreNoneAreNamed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var folder = new TemporaryFolder();
        byte[] whole = File.ReadAllBytes(Fixture("encoder"));
        string Written(string name, byte[] bytes)
        {
            File.WriteAllBytes(folder.File(name), bytes);
            return folder.File(name);
        }

        byte[] damaged = [.. whole];
        damaged.AsSpan(200, 2000).Fill(0xff);
        Opens("is not a TorchScript file: it has no code in it; torch.jit.save writes one", Fixture("tensors"));
        Opens("is not a TorchScript file, or not a whole one", Written("cut.pt", whole[..^40]));
        Opens("is not a TorchScript file, or not a whole one", Written("text.pt", "no archive"u8.ToArray()));
        Opens("is not a TorchScript file, or not a whole one", Written("empty.pt", []));
        Opens("is not a TorchScript file, or not a whole one", Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "backbones", "tiny_clip_vit.safetensors"));
        Opens("damaged.pt cannot be loaded as TorchScript: ", Written("damaged.pt", damaged));
        Opens("Cannot read ", folder.File("missing.pt"));
        Opens("Cannot read ", folder.FullName);
    }

    [Fact]
    public void AForwardThatThrowsOrGivesSomethingElseIsNamed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Opens("The forward of " + Fixture("throws") + " failed: builtins.ValueError: only one row at a time.", Fixture("throws"));
        Opens("cannot read, such as a dictionary; it must give a tuple or a list of tensors", Fixture("dictionary"));
        Opens("as item 1; it must give a tuple or a list of tensors", Fixture("mixed"));
        Opens("headless.pt failed: ", Fixture("headless"));
        Opens("encoder.pt failed: ", Fixture("encoder"));
        Opens("maps.pt failed: ", Fixture("maps"));
        Contains("pair.pt failed: ", () => ScriptBackbone.Open(Fixture("pair"), torch.rand(2, 3, 4), allowPrograms: true));
    }

    [Fact]
    public void AForwardThatThrowsLaterIsNamedToo()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        ScriptBackbone backbone = ScriptBackbone.Open(Fixture("throws"), torch.rand(1, 3, 4), allowPrograms: true);
        using WeightStore store = backbone.Store;
        Contains("only one row at a time", () => backbone.forward(new BackboneInput(torch.rand(2, 3, 4))));

        ScriptBackbone widening = ScriptBackbone.Open(Fixture("widens"), torch.rand(2, 3, 4), allowPrograms: true);
        using WeightStore other = widening.Store;
        Contains("The hidden state state 1 of widens.pt was 8 wide, of 3 dimensions, for the example and is [3, 3, 12] now", () => widening.forward(new BackboneInput(torch.rand(3, 3, 4))));
    }

    private static void Opens(string part, string path) => Contains(part, () => ScriptBackbone.Open(path, torch.rand(2, 3), allowPrograms: true));

    private static void Contains(string part, Func<object> action)
    {
        var error = Assert.Throws<UserException>(action);
        Assert.Contains(part, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.EndsWith(".", error.Message);
    }

    private static Tensor Ids(int rows, int tokens) => torch.randint(0, 32, new Size([rows, tokens]), dtype: ScalarType.Int64);

    private static string Fixture(string name) => Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "torchscript", $"{name}.pt");
}
