namespace UniPT.Torch.Tests.Modules;

public sealed class ModuleTests
{
    [Fact]
    public void ACallLeavesOnlyItsResult()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Weights.Fresh(1).Store;
        Tensor input = torch.ones(2, 4);
        int before = scope.DisposablesCount;
        new Chatty().forward(input);
        Assert.Equal(before + 1, scope.DisposablesCount);
    }

    [Fact]
    public void DropoutActsOnlyInTraining()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var dropout = new Dropout(weights, 0.5);
        Tensor input = torch.ones(1000);
        Assert.Equal(1000, dropout.forward(input).sum().Item());
        store.train(true);
        float[] dropped = dropout.forward(input).ToArray<float>();
        Assert.All(dropped, value => Assert.True(value is 0 or 2));
        Assert.InRange(dropped.Count(value => value == 0), 400, 600);
        Assert.False(input.IsInvalid);
    }

    [Fact]
    public void LayersComputeWhatTheyAreNamedAfter()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var linear = new Linear(weights / "linear", 4, 6);
        Tensor input = torch.randn(3, 4);
        Assert.Equal(linear.forward(input).narrow(1, 2, 3).ToArray<float>(), linear.Part(2, 3).forward(input).ToArray<float>(), (x, y) => Math.Abs(x - y) < 1e-6);
        float[] normalised = new LayerNorm(weights / "norm", 2, 0).forward(TensorData.From([1f, 3], 1, 2)).ToArray<float>();
        Assert.Equal([-1f, 1], normalised);
        var embedding = new Embedding(weights / "embedding", 5, 3);
        float[] table = store.Parameters["embedding.weight"].ToArray<float>();
        Assert.Equal(table[6..9], embedding.forward(TensorData.From([2L], 1)).ToArray<float>());
        var convolution = new Conv2d(weights / "conv", 1, 2, 3, stride: 2, padding: 1);
        Assert.Equal([1, 2, 2, 2], convolution.forward(torch.ones(1, 1, 4, 4)).shape);
    }

    [Fact]
    public void AModuleHasWhatWasAskedForAtItsPlaceUnderTheCheckpointsNames()
    {
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var pair = new Pair(weights / "pair");
        _ = new Linear(weights / "beside", 2, 2);

        Assert.Equal(
            ["first.weight", "first.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var"], pair.state_dict().Keys);
        Assert.Equal(["first.weight", "first.bias", "norm.weight", "norm.bias"], pair.named_parameters().Select(entry => entry.name));
        Assert.Equal(4, pair.parameters().Count());
        Assert.Equal(["first", "norm"], pair.named_children().Select(child => child.name));
        Assert.Empty(pair.named_parameters(recurse: false));
        Assert.Equal(["weight", "bias"], pair.First.named_parameters(recurse: false).Select(entry => entry.name));
        Assert.Same(store.Parameters["pair.first.weight"], pair.get_parameter("first.weight"));
        Assert.Same(store.Buffers["pair.norm.running_var"], pair.get_buffer("norm.running_var"));
        Assert.Null(pair.get_parameter("beside.weight"));
        var seen = new List<nn.Module>();
        pair.apply(seen.Add);
        Assert.Equal([pair.First, pair.Norm, pair], seen);
    }

    [Fact]
    public void InsideAModuleOfAUserItsTensorsHaveThatModulesNames()
    {
        using WeightStore store = Weights.Fresh(1).Store;
        using var owner = new Owner(new Linear(store.Root / "head", 3, 2));

        Assert.Equal(["mine.weight", "mine.bias"], owner.state_dict().Keys);
        Assert.Equal(2, owner.parameters().Count());
        owner.train();
        Assert.True(owner.Mine.training);
        owner.eval();
        Assert.False(owner.Mine.training);
    }

    [Fact]
    public void TrainAndEvalReachWhatIsBelowAndNothingBeside()
    {
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var pair = new Pair(weights / "pair");
        var beside = new Linear(weights / "beside", 2, 2);
        Assert.False(pair.training);
        pair.train();
        Assert.True(pair.training && pair.First.training && pair.Norm.training);
        Assert.False(beside.training);
        pair.eval();
        Assert.False(pair.training || pair.First.training || pair.Norm.training);
        store.train();
        Assert.True(pair.Norm.training && beside.training);
        Assert.True(new Linear(weights / "later", 2, 2).training);
    }

    [Fact]
    public void ToChangesTheTensorsBehindTheSameObjects()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        var pair = new Pair(weights / "pair");
        Parameter weight = store.Parameters["pair.first.weight"];
        float[] before = weight.ToArray<float>();

        pair.to(ScalarType.Float64);

        Assert.Same(weight, store.Parameters["pair.first.weight"]);
        Assert.Equal(ScalarType.Float64, weight.dtype);
        Assert.True(weight.requires_grad);
        Assert.Equal(before, weight.to(ScalarType.Float32).ToArray<float>());
        Assert.Equal(ScalarType.Float64, pair.forward(torch.ones([2, 3], dtype: ScalarType.Float64)).dtype);
        Assert.Equal(ScalarType.Float64, store.Buffers["pair.norm.running_mean"].dtype);
        Assert.Throws<ArgumentException>(() => pair.to(ScalarType.Int64));
    }

    [Fact]
    public void TorchSharpsOwnOptimizersTrainThem()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Weights.Fresh(1).Store;
        var linear = new Linear(store.Root / "linear", 3, 1);
        using var optimizer = torch.optim.SGD(linear.parameters(), 0.1);
        Tensor input = torch.ones(4, 3);
        double before = linear.forward(input).sum().Item();
        linear.forward(input).sum().Backward();
        optimizer.step();

        // Four rows of ones: each of three weights moves by −0.4, and so does the bias.
        Assert.Equal(before - (4 * 4 * 0.4), linear.forward(input).sum().Item(), 1e-4);
    }

    private sealed class Pair : Module
    {
        internal Pair(Weights weights) : base(weights)
        {
            First = new Linear(weights / "first", 3, 2);
            Norm = new BatchNorm(weights / "norm", 2);
        }

        internal Linear First { get; }

        internal BatchNorm Norm { get; }

        protected override Tensor Compute(Tensor input) => Norm.forward(First.forward(input));
    }

    private sealed class Owner : nn.Module<Tensor, Tensor>
    {
#pragma warning disable IDE1006 // The field's name is the module's.
        private readonly Linear mine;
#pragma warning restore IDE1006

        internal Owner(Linear linear) : base("owner")
        {
            mine = linear;
            RegisterComponents();
        }

        internal Linear Mine => mine;

        public override Tensor forward(Tensor input) => mine.forward(input);
    }

    private sealed class Chatty : Module
    {
        protected override Tensor Compute(Tensor input) => ((input + Scalars.Of(1)) * Scalars.Of(2)).relu() - Scalars.Of(3);
    }
}
