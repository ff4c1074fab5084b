using UniPT.Backbones.UserModels;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.UserModels;

public sealed class ModuleBackboneTests
{
    private static nn.Module<Tensor, Tensor> Tanh => new Step<Tensor>(x => x.tanh());

    [Fact]
    public void AModuleMayHaveSeveralStreamsEachWithItsMask()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = new EncoderDecoder();
        Tensor source = torch.randn(2, 5, 8);
        Tensor target = torch.randn(2, 3, 8);
        using ModuleBackbone backbone = model.ToBackbone(EncoderDecoder.Input(source, target));
        BackboneOutput output = backbone.forward(
            new BackboneInput(("source", source), ("target", target), ("mask", torch.ones(2, 5)), ("decoder_mask", torch.eye(2, 3, dtype: ScalarType.Bool))));

        Assert.Equal(["encoder", "decoder"], backbone.Streams.Names);
        Assert.Equal(["e0", "e1", "e2"], backbone.Streams["encoder"].LayerNames);
        Assert.Equal(["d0", "d1", "d2"], backbone.Streams["decoder"].LayerNames);
        Assert.Equal([2L, 5, 8], output["encoder"].Layers[2].shape);
        Assert.Equal(model.call(source, target).ToArray<float>(), output["decoder"].Layers[2].ToArray<float>());
        Assert.Equal(10, output["encoder"].Mask!.sum().Item());
        Assert.Equal([1f, 0, 0, 0, 1, 0], output["decoder"].Mask!.ToArray<float>());
        Assert.Same(output["encoder"], backbone.Streams["decoder"].Of(output).Memory);
        Assert.Equal(
            "EncoderDecoder has the stream encoder twice; each name may be given once.",
            Assert.Throws<UserException>(() => new ModuleBackbone(
                model, backbone.Example, input => model.call(input["source"], input["target"]), ("encoder", ["e0"]), ("encoder", ["d0"]))).Message);
    }

    [Fact]
    public void LearnsMapsAndGivesWhatTheModuleComputes()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = new Stages();
        Tensor pixels = torch.rand(2, 3, 8, 12);
        var backbone = new ModuleBackbone(model, pixels, "stem", "stage1", "stage2.conv", "stage2");
        using WeightStore store = backbone.Store;

        Assert.Equal("Stages", backbone.Name);
        Assert.Equal(HiddenLayout.Maps, backbone.Streams.Only.Layout);
        Assert.Equal([4, 6, 8, 8], backbone.Streams.Only.Widths);
        Assert.Equal(["stem", "stage1", "stage2.conv", "stage2"], backbone.Streams.Only.LayerNames);
        Tensor other = torch.rand(3, 3, 16, 16);
        HiddenStates states = backbone.forward(new BackboneInput(other)).Only;
        Assert.Equal([3, 8, 4, 4], states.Layers[3].shape);
        Tensor last = states.Layers[2].tanh();
        Assert.Equal(last.ToArray<float>(), states.Layers[3].ToArray<float>());
        Assert.All(states.Layers, state => Assert.False(state.requires_grad));
    }

    [Fact]
    public void RunsInEvaluationAndLeavesTheModuleAsItWas()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = new Stages();
        model.train();
        nn.Module norm = model.named_modules().Single(pair => pair.name == "norm").module;
        norm.eval();
        byte[] before = State(model);
        var backbone = new ModuleBackbone(model, torch.rand(2, 3, 8, 8), "stage1", "stage2");
        using WeightStore store = backbone.Store;
        var input = new BackboneInput(torch.rand(2, 3, 8, 8));

        Assert.Equal(backbone.forward(input).Only.Layers[1].ToArray<float>(), backbone.forward(input).Only.Layers[1].ToArray<float>());
        Assert.True(model.training);
        Assert.False(norm.training);
        Assert.All(model.named_modules().Where(pair => pair.name != "norm"), pair => Assert.True(pair.module.training, pair.name));
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
        Assert.Equal(before, State(model));
    }

    [Fact]
    public void AStateThatIsChangedInPlaceLaterIsWhatTheSubmoduleGave()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = new Stages();
        var backbone = new ModuleBackbone(model, torch.randn(2, 3, 8, 8), "norm", "activation");
        using WeightStore store = backbone.Store;

        HiddenStates states = backbone.forward(new BackboneInput(torch.randn(2, 3, 8, 8))).Only;

        Assert.True(states.Layers[0].min().Item() < 0);
        Assert.Equal(states.Layers[0].relu().ToArray<float>(), states.Layers[1].ToArray<float>());
    }

    [Fact]
    public void TakesModulesOfSeveralInputs()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = new Blocks(nn.Linear(4, 4), nn.Linear(4, 6));
        var input = new BackboneInput(torch.randn(2, 3, 4), [3, 1]);
        var backbone = new ModuleBackbone(
            model, input, given => model.call(given.Values, given.Mask), "layers.0", "layers.1");
        using WeightStore store = backbone.Store;

        HiddenStates states = backbone.forward(input).Only;

        Assert.Equal([4, 6], backbone.Streams.Only.Widths);
        Assert.Equal([3, 1], TokenMask.Lengths(states.Mask!)!);
        float[] bias = model.get_parameter("layers.0.bias")!.ToArray<float>();
        Assert.Equal(bias, states.Layers[0][1, 2].ToArray<float>());
    }

    [Theory]
    [InlineData(2, 5, false)]
    [InlineData(2, 5, true)]
    [InlineData(3, 3, false)]
    [InlineData(3, 3, true)]
    [InlineData(1, 1, true)]
    public void FindsTheBatchOfTokens(int rows, int tokens, bool tokensFirst)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = new Blocks(new Step<Tensor>(x => tokensFirst ? x.transpose(0, 1) : x), Tanh);
        var backbone = new ModuleBackbone(model, new BackboneInput(torch.randn(rows, tokens, 4)), input => model.call(input.Values, null), "layers.0", "layers.1");
        using WeightStore store = backbone.Store;
        Tensor values = torch.randn(2, 7, 4);

        HiddenStates states = backbone.forward(new BackboneInput(values)).Only;

        Assert.Equal(values.ToArray<float>(), states.Layers[0].ToArray<float>());
        Assert.Equal([2, 7, 4], states.Layers[1].shape);
    }

    [Fact]
    public void VectorsAreTokensAndOtherTypesBecomeFloat()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = nn.Sequential(("a", nn.Linear(4, 5, dtype: ScalarType.Float64)), ("b", nn.Linear(5, 6, dtype: ScalarType.Float64)));
        var backbone = new ModuleBackbone(model, torch.randn(2, 4, dtype: ScalarType.Float64), "a", "b");
        using WeightStore store = backbone.Store;

        HiddenStates states = backbone.forward(new BackboneInput(torch.randn(3, 4, dtype: ScalarType.Float64))).Only;

        Assert.Equal(HiddenLayout.Tokens, backbone.Streams.Only.Layout);
        Assert.Equal([3, 1, 6], states.Layers[1].shape);
        Assert.Equal(ScalarType.Float32, states.Layers[1].dtype);
    }

    [Fact]
    public void ItsStoreIsTheModulesAndFreesNothingOfIt()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = new Stages();
        var backbone = new ModuleBackbone(model, torch.rand(1, 3, 8, 8), "stage1", "stage2");
        Assert.Equal(model.state_dict().Keys.Order(), backbone.Store.State().Keys.Order());
        Assert.Equal(model.parameters().Sum(parameter => parameter.numel()), backbone.Store.ParameterCount);
        Assert.Empty(backbone.Store.Trainable);
        string fingerprint = backbone.Fingerprint;
        using var folder = new TemporaryFolder();
        SafetensorsWriter.Write(folder.File("model.safetensors"), model.state_dict());
        Assert.Equal(BackboneFingerprint.Of(folder.File("model.safetensors")), fingerprint);

        backbone.Store.Dispose();

        Assert.Equal([2, 2], model.call(torch.rand(2, 3, 8, 8)).shape);
        using (torch.no_grad())
        {
            model.parameters().First().Add_(1);
        }

        var again = new ModuleBackbone(model, torch.rand(1, 3, 8, 8), "stage1", "stage2");
        Assert.NotEqual(fingerprint, again.Fingerprint);
        again.Store.Dispose();
    }

    [Fact]
    public void NothingIsLeft()
    {
        using var model = new Stages();
        TensorCount live = TensorCount.Now();
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            var backbone = new ModuleBackbone(model, torch.rand(2, 3, 8, 8), "norm", "stage1", "stage2");
            backbone.forward(new BackboneInput(torch.rand(2, 3, 8, 8)));
            Assert.Throws<UserException>(() => new ModuleBackbone(model, torch.rand(2, 3, 8, 8), "stage1", "unused"));
            backbone.Store.Dispose();
        }

        Assert.Equal(live, TensorCount.Now());
        using (DisposeScope scope = torch.NewDisposeScope())
        {
            model.call(torch.rand(2, 3, 8, 8));
        }

        Assert.Equal(live, TensorCount.Now());
    }

    [Fact]
    public void MovesWithTheModuleAndIsDisposedWithoutIt()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = new Stages();
        var backbone = new ModuleBackbone(model, torch.rand(1, 3, 8, 8), "stage1", "stage2");

        backbone.to(ScalarType.Float64);

        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.All(backbone.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.Equal(ScalarType.Float32, backbone.forward(new BackboneInput(torch.rand([1, 3, 8, 8], dtype: ScalarType.Float64))).Only.Layers[1].dtype);
        backbone.Dispose();
        backbone.Dispose();
        Assert.Equal([2, 2], model.call(torch.rand([2, 3, 8, 8], dtype: ScalarType.Float64)).shape);
    }

    [Fact]
    public void SubmodulesThatCannotBeReadAreNamed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = new Stages();
        Tensor example = torch.rand(2, 3, 8, 8);
        void Refused(string part, params string[] names) => Contains(part, () => new ModuleBackbone(model, example, names));

        Refused("Stages has no submodule stage3; it has stem, norm, activation, stage1, stage2, drop, unused, hidden, stage1.conv, stage1.tanh, stage2.conv, stage2.tanh.", "stage1", "stage3");
        Refused("The submodule unused of Stages was never called", "stage1", "unused");
        Refused("its code says hidden.forward(x), which hides it, where hidden.call(x) shows it", "stage2", "hidden");
        Refused("stage1 and stage1 are the same submodule", "stage1", "stage1");
        Refused("in the order in which they run, the deepest last: stage1, stage2", "stage2", "stage1");
        Refused("gives no hidden state");
        Contains("The example for Stages has the shape [0, 3, 8, 8]; it needs a row", () => new ModuleBackbone(model, torch.rand(0, 3, 8, 8), "stage1", "stage2"));

        using var pairs = new Pairs();
        Contains("The submodule pair of Pairs gives ValueTuple`2, not a tensor", () => new ModuleBackbone(pairs, torch.rand(2, 3, 4), "pair", "last"));
    }

    [Fact]
    public void StatesThatAreNoneAreNamed()
    {
        Refused("layers.0 of Blocks is a Int64 tensor [2, 3, 4]; it must be floating-point", x => x.to(ScalarType.Int64), x => x);
        Refused("layers.0 of Blocks is a Float32 tensor [24]", x => x.flatten(), x => x.view(2, 3, 4));
        Refused("must be laid out alike; layers.0 is [2, 3, 4] and layers.1 is [2, 12]", x => x.tanh(), x => x.flatten(1));
        Refused("must have equally many tokens; layers.0 is [2, 3, 4] and layers.1 is [2, 2, 4]", x => x.tanh(), x => x.narrow(1, 0, 2));
        Refused("layers.1 of Blocks is [1, 3, 4]; for an input of 2 rows dimension 0 must be 2", x => x.tanh(), x => x.narrow(0, 0, 1));
        using DisposeScope scope = torch.NewDisposeScope();
        nn.Module<Tensor, Tensor> shared = Tanh;
        using var twice = new Blocks(shared, shared);
        Contains("was called 2 times in one forward", () => new ModuleBackbone(twice, new BackboneInput(torch.rand(2, 3, 4)), input => twice.call(input.Values, null), "layers.0"));
        Contains("is a ModuleList`1, which has no forward to read", () => new ModuleBackbone(twice, new BackboneInput(torch.rand(2, 3, 4)), input => twice.call(input.Values, null), "layers"));
    }

    [Fact]
    public void AnotherWidthAtTheSecondCallIsNamed()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = new Blocks(new Step<Tensor>(x => x.tanh()), new Step<Tensor>(x => x.repeat(1, 1, x.size(0))));
        var backbone = new ModuleBackbone(model, new BackboneInput(torch.rand(2, 3, 4)), input => model.call(input.Values, null), "layers.0", "layers.1");
        using WeightStore store = backbone.Store;

        Contains(
            "The hidden state layers.1 of Blocks was 8 wide, of 3 dimensions, for the example and is [3, 3, 12] now.",
            () => backbone.forward(new BackboneInput(torch.rand(3, 3, 4))));
        Assert.Equal(8, backbone.forward(new BackboneInput(torch.rand(2, 3, 4))).Only.Layers[1].size(2));
    }

    private static void Refused(string part, Func<Tensor, Tensor> first, Func<Tensor, Tensor> second)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = new Blocks(new Step<Tensor>(first), new Step<Tensor>(second));
        Contains(part, () => new ModuleBackbone(model, new BackboneInput(torch.rand(2, 3, 4)), input => model.call(input.Values, null), "layers.0", "layers.1"));
    }

    private static void Contains(string part, Func<object> action)
    {
        var error = Assert.Throws<UserException>(action);
        Assert.Contains(part, error.Message);
        Assert.Single(error.Message.Split(". "));
        Assert.EndsWith(".", error.Message);
    }

    private static byte[] State(nn.Module model) => [.. model.state_dict().OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.ToBytes())];
}
