using UniPT.Testing;

namespace UniPT.Torch.Tests.WeightStores;

public sealed class WeightsTests
{
    [Fact]
    public void AModuleBuiltFromAFileHasItsTensorsFrozen()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Save(folder, ("a.fc.weight", TensorData.From([1f, 2, 3, 4], 2, 2)), ("a.fc.bias", TensorData.From([10f, 20], 2)));
        Weights weights = Weights.Open(path);
        using WeightStore store = weights.Store;
        var linear = new Linear(weights / "a" / "fc", 2, 2);
        store.EnsureAllUsed();
        Assert.Equal([13f, 27], linear.forward(torch.ones(2)).ToArray<float>());
        Assert.Empty(store.Trainable);
        Assert.Equal(6, store.ParameterCount);
    }

    [Fact]
    public void APlaceCanBeOfAFewOfItsTensors()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        foreach (string name in (string[])["rnn.weight_l1", "rnn.weight_l10", "rnn.bias_l1"])
        {
            store.Root.Parameter(name, Initializers.Ones, 2);
        }

        Weights only = (weights / "rnn").Only("weight_l1", "bias_l1");
        only.Fill(3);
        Assert.Equal(2, only.Parameters.Count);
        Assert.Equal([3f, 3], store.Parameters["rnn.weight_l1"].ToArray<float>());
        Assert.Equal([1f, 1], store.Parameters["rnn.weight_l10"].ToArray<float>());
        Assert.Empty((only / "deeper").Parameters);
    }

    [Fact]
    public void StoredFloatsAreSharedWithTheFileAndTrainableOnesAreNot()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Save(folder, ("weight", torch.ones(100, 100)));
        long before = TensorMemory.Current();
        using (WeightStore frozen = Weights.Open(path).Store)
        {
            Tensor weight = frozen.Parameter("weight", [100, 100], Initializers.Ones);
            Assert.Equal(before, TensorMemory.Current());
            Assert.False(weight.requires_grad);
        }

        using WeightStore trainable = Weights.Open(path, trainable: true).Store;
        Tensor own = trainable.Parameter("weight", [100, 100], Initializers.Ones);
        Assert.Equal(before + 40_000, TensorMemory.Current());
        using (torch.no_grad())
        {
            own.fill_(Scalars.Of(5));
        }

        Assert.True(own.requires_grad);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(10_000, file.Read("weight").sum().Item());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void ValuesThatAreNoNumbersAreNamedWhenTheyAreLoaded(float value)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Save(folder, ("good", torch.ones(3)), ("bad", TensorData.From([1f, value, 2], 3)));
        using WeightStore store = Weights.Open(path).Store;
        store.Parameter("good", [3], Initializers.Ones);

        string message = Assert.Throws<UserException>(() => store.Parameter("bad", [3], Initializers.Ones)).Message;

        Assert.StartsWith($"{path} is damaged: the tensor bad has values", message);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 3e38)]
    [InlineData(ScalarType.Float16, 6e4)]
    public void LargeValuesAreNumbersThoughTheirSumIsNone(ScalarType type, double value)
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Save(folder, ("large", torch.full([100], Scalars.Of(value), dtype: type)));
        using WeightStore store = Weights.Open(path).Store;

        Assert.Equal(value, store.Parameter("large", [100], Initializers.Ones).max().Item(), value * 1e-2);
    }

    [Fact]
    public void ChosenFrozenParametersTrainInMemoryOfTheirOwn()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Save(folder, ("a.weight", torch.ones(3)), ("a.bias", torch.ones(3)), ("b.weight", torch.ones(3)));
        Weights weights = Weights.Open(path);
        using WeightStore store = weights.Store;
        Tensor[] all = [.. new[] { "a.weight", "a.bias", "b.weight" }.Select(name => weights.Parameter(name, Initializers.Ones, 3))];
        (weights / "a").Exclude("weight");

        (weights / "a").Unfreeze();
        store.Unfreeze(["b.weight"]);

        Assert.Equal(["a.bias", "b.weight"], store.Trainable.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        using (torch.no_grad())
        {
            all[2].fill_(Scalars.Of(5));
        }

        Assert.Equal(15, store.Parameters["b.weight"].sum().Item());
        Assert.Same(all[2], store.Parameters["b.weight"]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(3, file.Read("b.weight").sum().Item());
    }

    [Fact]
    public void TheStoreKnowsWhichLayersNormaliseTokens()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(1);
        using WeightStore store = weights.Store;
        _ = new Linear(weights / "linear", 2, 2);
        _ = new LayerNorm(weights / "norm", 2);
        Assert.Equal([store.Parameters["norm.weight"], store.Parameters["norm.bias"]], Assert.Single(store.Norms).Parameters);
    }

    [Fact]
    public void AFrozenTensorCanBeReplacedByWhatIsComputedFromIt()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Save(folder, ("weight", TensorData.From([1f, 2], 2)));
        Weights weights = Weights.Open(path);
        using WeightStore store = weights.Store;
        Tensor weight = weights.Parameter("weight", Initializers.Ones, 2);
        Tensor doubled = weights.Replace("weight", weight * Scalars.Of(2));
        Assert.Same(weight, doubled);
        Assert.Same(doubled, store.Parameters["weight"]);
        Assert.Equal([2f, 4], doubled.ToArray<float>());
        store.EnsureAllUsed();

        Weights trainable = Weights.Open(path, trainable: true);
        using WeightStore trained = trainable.Store;
        Tensor own = trainable.Parameter("weight", Initializers.Ones, 2);
        Assert.Throws<InvalidOperationException>(() => trainable.Replace("weight", own.detach()));
    }

    [Fact]
    public void HalfPrecisionIsComputedWithAsFloat()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Save(folder, ("x", TensorData.From([0.5f, 1.5f], 2).to(ScalarType.Float16)));
        using WeightStore store = Weights.Open(path).Store;
        Tensor x = store.Parameter("x", [2], Initializers.Ones);
        Assert.Equal([0.5f, 1.5f], x.ToArray<float>());
    }

    [Fact]
    public void FrozenTensorsCanBeHeldInAnotherType()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Save(folder, ("a.weight", torch.ones(100, 100)), ("b.weight", torch.ones(100)), ("c.weight", torch.ones(100)));
        long before = TensorMemory.Current();
        Weights weights = Weights.Open(path);
        using (WeightStore store = weights.Store)
        {
            Tensor held = (weights / "a").Parameter("weight", Initializers.Ones, 100, 100);
            Tensor kept = (weights / "b").Parameter("weight", Initializers.Ones, 100);
            Tensor trained = (weights / "c").Parameter("weight", Initializers.Ones, 100);
            (weights / "c").Unfreeze();
            long own = TensorMemory.Current();
            store.Convert(ScalarType.BFloat16, weights / "b");
            Assert.Equal([ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float32], new[] { held, kept, trained }.Select(tensor => tensor.dtype));
            Assert.Equal(20_000, TensorMemory.Current() - own);
            Assert.Equal(20_800, store.ByteCount);
            Assert.Single(store.Trainable);
            Assert.Same(held, store.Parameters["a.weight"]);
            store.Convert(ScalarType.BFloat16, weights / "b");
            Assert.Equal(20_000, TensorMemory.Current() - own);
        }

        Assert.Equal(before, TensorMemory.Current());
    }

    [Fact]
    public void MissingMisshapenAndUnusedTensorsAreNamed()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Save(folder, ("a.weight", torch.ones(2, 3)), ("extra", torch.ones(1)));
        Weights weights = Weights.Open(path);
        using WeightStore store = weights.Store;
        Assert.Contains("lacks b.weight", Assert.Throws<UserException>(() => new Linear(weights / "b", 3, 2)).Message);
        string shape = Assert.Throws<UserException>(() => new Linear(weights / "a", 2, 3, bias: false)).Message;
        Assert.Contains("a.weight has the shape [2, 3], the model needs [3, 2]", shape);
        _ = new Linear(weights / "a", 3, 2, bias: false);
        Assert.Contains("1 tensor (extra)", Assert.Throws<UserException>(store.EnsureAllUsed).Message);
    }

    [Fact]
    public void OtherNamesAndWhatIsNotTheModelsCanBeDeclared()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Save(
            folder, ("norm.gamma", torch.ones(2)), ("norm.bias", torch.ones(2)), ("norm.beta", torch.ones(3)), ("other.head", torch.ones(1)));
        Weights weights = Weights.Open(path);
        using WeightStore store = weights.Store;
        Weights norm = weights / "norm";
        norm.Alias("weight", "gamma");
        norm.Alias("bias", "beta");
        _ = new LayerNorm(norm, 2);
        Assert.Equal(["norm.weight", "norm.bias"], store.Parameters.Keys);
        Assert.Contains("2 tensors (norm.beta, other.head)", Assert.Throws<UserException>(store.EnsureAllUsed).Message);
        weights.Ignore("other.");
        norm.Ignore("beta");
        store.EnsureAllUsed();
    }

    [Fact]
    public void ACheckpointTellsItsSizes()
    {
        using var folder = new TemporaryFolder();
        using DisposeScope scope = torch.NewDisposeScope();
        string path = Save(folder, ("layer.0.in_proj_weight", torch.ones(6, 2)), ("layer.1.in_proj_weight", torch.ones(6, 2)), ("layer.3.in_proj_weight", torch.ones(1)));
        Weights layers = Weights.Open(path) / "layer";
        using WeightStore store = layers.Store;
        Assert.Equal(2, layers.CountWith("in_proj_weight"));
        Assert.Equal([6, 2], (layers / 0).Shape("in_proj_weight", 2));
        Assert.Contains("layer.2.in_proj_weight", Assert.Throws<UserException>(() => (layers / 2).Shape("in_proj_weight", 2)).Message);
        Assert.Contains("layer.3.in_proj_weight has the shape [1]", Assert.Throws<UserException>(() => (layers / 3).Shape("in_proj_weight", 2)).Message);
        _ = new Linear((layers / 1).StartingWith("in_proj_"), 2, 6, bias: false);
        Assert.Equal(["layer.1.in_proj_weight"], store.Parameters.Keys);
        Assert.Throws<InvalidOperationException>(() => (Weights.Fresh(1) / "layer").Shape("weight", 2));
    }

    [Fact]
    public void AFreshTensorDependsOnTheSeedAndItsNameOnly()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore first = Weights.Fresh(3).Store;
        using WeightStore second = Weights.Fresh(3).Store;
        using WeightStore other = Weights.Fresh(4).Store;
        Initializer normal = Initializers.Normal(1);
        float[] a = first.Parameter("a", [4], normal).ToArray<float>();
        second.Parameter("before", [7], normal);
        Assert.Equal(a, second.Parameter("a", [4], normal).ToArray<float>());
        Assert.NotEqual(a, other.Parameter("a", [4], normal).ToArray<float>());
        Assert.NotEqual(a, first.Parameter("b", [4], normal).ToArray<float>());
    }

    [Fact]
    public void AskingTwiceIsABug()
    {
        using WeightStore store = Weights.Fresh(1).Store;
        store.Parameter("a", [1], Initializers.Ones);
        Assert.Throws<InvalidOperationException>(() => store.Buffer("a", [1], Initializers.Ones));
    }

    [Fact]
    public void AStateGoesFromOneStoreToAnother()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore from = Weights.Fresh(1).Store;
        using WeightStore to = Weights.Fresh(2).Store;
        foreach (WeightStore store in new[] { from, to })
        {
            store.Parameter("p", [3], Initializers.Normal(1));
            store.Buffer("b", [2], Initializers.Normal(1));
        }

        to.LoadState(from.State(), "the other");
        Assert.Equal(from.Parameters["p"].ToArray<float>(), to.Parameters["p"].ToArray<float>());
        Assert.True(to.Parameters["p"].requires_grad);
        Assert.False(to.Buffers["b"].requires_grad);
        string message = Assert.Throws<UserException>(() => to.LoadState(new Dictionary<string, Tensor> { ["q"] = from.Parameters["p"] }, "file x")).Message;
        Assert.Contains("file x does not fit the model: it lacks 2 tensors (p, b) and has the unexpected 1 tensor (q)", message);
    }

    [Fact]
    public void DisposingAStoreFreesItsTensors()
    {
        TensorCount before = TensorCount.Now();
        WeightStore store = Weights.Fresh(1).Store;
        store.Parameter("a", [5], Initializers.Ones);
        store.Buffer("b", [5], Initializers.Ones);
        store.Dispose();
        Assert.Equal(before, TensorCount.Now());
    }

    private static string Save(TemporaryFolder folder, params (string Name, Tensor Tensor)[] tensors)
    {
        string path = folder.File($"{Guid.NewGuid():N}.safetensors");
        SafetensorsWriter.Write(path, tensors.ToDictionary(pair => pair.Name, pair => pair.Tensor));
        return path;
    }
}
