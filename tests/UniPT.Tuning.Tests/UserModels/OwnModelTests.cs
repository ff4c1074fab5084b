using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Tuning.Head;
using UniPT.Tuning.Lst;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.UserModels;

public sealed class OwnModelTests
{
    private static readonly string[] Beside = ["unipt", "head", "lst"];

    public static TheoryData<string, string> OnEveryModel
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string model, string method) in OwnModels.Names.SelectMany(model => TuningRegistry.Methods.Keys.Select(method => (model, method))))
            {
                data.Add(model, method);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(OnEveryModel))]
    public void WhatWorksBesideAModelTrainsAndTheOthersSayWhyNot(string model, string method)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Backbone backbone = OwnModels.Open(model);
        TuningMethod made = Make(method);
        if (!Beside.Contains(method))
        {
            var error = Assert.Throws<UserException>(() => made.Attach(backbone));
            Assert.Equal($"{method} is not defined for {backbone.Name}: it reaches into the backbone, and a model of your own is only read from outside.", error.Message);
            return;
        }

        byte[] before = State(backbone);
        TunedBackbone tuned = made.Attach(backbone, output: 12);
        using WeightStore store = tuned.Store;
        BackboneInput input = OwnModels.Input(model);
        Assert.DoesNotContain(tuned.TrainedParameters(), pair => pair.name.StartsWith("backbone.", StringComparison.Ordinal));
        Assert.Equal(store.Trainable.Count(), tuned.TrainedParameters().Count);
        using var optimizer = new AdamW([new ParameterGroup(tuned.TrainedParameters())]);
        tuned.train();
        double[] losses =
        [
            .. Enumerable.Range(0, 12).Select(_ =>
            {
                using DisposeScope step = torch.NewDisposeScope();
                Tensor loss = (tuned.forward(input.Values) - Scalars.Of(1)).pow(Scalars.Of(2)).mean();
                optimizer.ZeroGrad();
                loss.Backward();
                optimizer.Step(1e-2);
                return loss.Item();
            }),
        ];

        Assert.Equal(12, tuned.forward(input.Values).size(2));
        Assert.True(losses[^1] < 0.8 * losses[0], string.Join(", ", losses));
        Assert.Equal(before, State(backbone));
        Assert.All(backbone.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void TorchSharpsOptimizersTakeTheTrainedParameters()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Backbone backbone = OwnModels.Open("tokens");
        TunedBackbone tuned = Make("unipt").Attach(backbone);
        using WeightStore store = tuned.Store;
        Assert.Equal(backbone.Streams.Only.Widths[^1], tuned.Output);
        byte[] before = [.. store.State().OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.ToBytes())];
        using optim.Optimizer optimizer = torch.optim.SGD(tuned.TrainedParameters(), 0.1);

        tuned.forward(OwnModels.Input("tokens").Values).sum().Backward();
        optimizer.step();

        Assert.NotEqual(before, [.. store.State().OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.ToBytes())]);
    }

    [Fact]
    public void TheSeedMakesTheFreshWeights()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Backbone backbone = OwnModels.Open("maps");
        float[] Features(long seed)
        {
            TunedBackbone tuned = Make("unipt").Attach(backbone, seed: seed);
            using WeightStore store = tuned.Store;
            return tuned.forward(torch.ones(1, 3, 8, 8)).ToArray<float>();
        }

        Assert.Equal(Features(1), Features(1));
        Assert.NotEqual(Features(1), Features(2));
    }

    [Fact]
    public void AStepLeavesNothing()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Backbone backbone = OwnModels.Open("maps");
        BackboneInput input = OwnModels.Input("maps");
        TunedBackbone tuned = Make("unipt").Attach(backbone);
        using WeightStore store = tuned.Store;
        TensorCount Round()
        {
            using (torch.NewDisposeScope())
            {
                tuned.forward(input.Values).sum().Backward();
            }

            return TensorCount.Now();
        }

        TensorCount live = Round();
        Assert.Equal(live, Round());
        Assert.Equal(live, Round());
    }

    [Fact]
    public void DisposingOfTheTunedLeavesTheModuleWhole()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var model = nn.Sequential(("a", nn.Linear(4, 8)), ("b", nn.Linear(8, 8)));
        var backbone = new global::UniPT.Backbones.UserModels.ModuleBackbone(model, torch.rand(2, 3, 4), "a", "b");
        TunedBackbone tuned = Make("unipt").Attach(backbone);
        tuned.to(ScalarType.Float32);
        Assert.Contains("backbone.a.weight", tuned.state_dict().Keys);

        tuned.Dispose();

        Assert.Equal([2, 3, 8], model.call(torch.rand(2, 3, 4)).shape);
    }

    internal static TuningMethod Make(string name) => name switch
    {
        "unipt" => new UniPTMethod(new UniPTOptions { Width = 8, Form = PublishedForm.Vse }),
        "lst" => new LstMethod(new LstOptions { Reduction = 2, Heads = 2 }),
        "head" => new HeadMethod(new HeadOptions()),
        _ => TuningRegistry.Methods[name].Create(Activator.CreateInstance(TuningRegistry.Methods[name].Options)!),
    };

    private static byte[] State(Backbone backbone) => [.. backbone.Store.State().OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.ToBytes())];
}
