using UniPT.Backbones;
using UniPT.Backbones.UserModels;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Tuning;
using UniPT.Tuning.Head;

namespace UniPT.Training.Tests.Contracts;

public sealed class TaskDataTests
{
    [Fact]
    public void InputsOfDifferentGroupsAreNeverInOneBatch()
    {
        var inputs = new BackboneInputs(7, _ => throw new InvalidOperationException()) { Groups = [1, 0, 1, 0, 0, 1, 1] };
        Assert.Equal<int[]>([[1, 3], [4], [0, 2], [5, 6]], inputs.InBatches(2));
        Assert.Equal([3, 0, 4, 1, 2, 5, 6], inputs.Places());
    }

    [Fact]
    public void SomeOfThemStayInTheirGroups()
    {
        var inputs = new BackboneInputs(5, batch => NumberedModel.InputOf(batch), [4, 5, 6, 7, 8]) { Groups = [1, 0, 1, 0, 0], AtOnce = 2 };
        BackboneInputs some = inputs.Some([4, 2, 1, 3]);
        Assert.Equal<int[]>([[0, 2], [3], [1]], some.InBatches(9));
        Assert.Equal([0, 3, 1, 2], some.Places());
        Assert.Equal([8, 6, 5, 7], some.Lengths);
        Assert.Equal([8, 5, 7, 6], some.Ordered().Lengths);
        using DisposeScope scope = torch.NewDisposeScope();
        Assert.Equal([4f, 1f], some.Batch([0, 2]).Values.select(1, 0).select(1, 0).ToArray<float>());
    }

    [Fact]
    public void WithoutGroupsTheOrderStays()
    {
        var inputs = new BackboneInputs(5, _ => throw new InvalidOperationException());
        Assert.Equal<int[]>([[0, 1], [2, 3], [4]], inputs.InBatches(2));
        Assert.Equal<int[]>([[0, 1], [2, 3], [4]], (inputs with { AtOnce = 2 }).InBatches(64));
        Assert.Equal<int[]>([[0], [1], [2], [3], [4]], (inputs with { AtOnce = 2 }).InBatches(1));
        Assert.Null(inputs.Places());
    }

    /// <summary>What comes back stands in the order of the inputs, whatever was batched with what.</summary>
    [Fact]
    public void WhatIsCollectedOfGroupsStandsInTheOrderOfTheInputs()
    {
        using var model = new NumberedModel();
        using var data = new NumberedData([.. Enumerable.Range(0, 150).Select(input => input % 3)]);
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor rows = new HiddenStateReader(data).Collect([model], "numbers", "val", (_, hidden) => hidden.Layers[0].select(1, 0).select(1, 0))[0];
        Assert.Equal(Enumerable.Range(0, 150).Select(input => (float)input), rows.ToArray<float>());
        Assert.All(data.Batches, batch => Assert.Single(batch.Select(input => input % 3).Distinct()));
    }

    [Fact]
    public void ASplitWithoutAnswersIsNotMeasured()
    {
        using var data = new NumberedData([0]);
        Assert.Equal("val", data.MeasuredSplit);
        Assert.Equal("test", data.RequireSplit("test").Name);
        Assert.Equal(
            "The answers of test are not in the data: it can be predicted (unipt predict --submission) and not measured.",
            Assert.Throws<UserException>(() => { data.RequireMeasurable("test"); }).Message);
    }
}

/// <summary>Inputs that are their own numbers, and the batches in which they were asked for.</summary>
internal sealed class NumberedData(int[] groups) : TaskData(new NumberedTask())
{
    public List<int[]> Batches { get; } = [];

    public override string Fingerprint => "numbers";

    public override IReadOnlyList<SplitFacts> Splits =>
        [new("train", groups.Length, "numbers"), new("val", groups.Length, "numbers"), new("test", groups.Length, "numbers") { HasAnswers = false }];

    public override string Summary => "Numbers.";

    public override int TrainingExamples => groups.Length;

    public override BackboneInputs Inputs(string backbone, string split) => new(groups.Length, batch =>
    {
        Batches.Add(batch);
        return NumberedModel.InputOf(batch);
    })
    {
        Groups = groups,
    };

    public override PreparedBatch Prepare(int[] examples, int epoch, HiddenStateReader reader) => throw new NotSupportedException();

    public override IReadOnlyList<LossTerm> Loss(TaskModel model, PreparedBatch batch, HiddenStateReader reader, StepContext step) => throw new NotSupportedException();

    public override IReadOnlyList<IReadOnlyDictionary<string, double>> Evaluate(
        IReadOnlyList<TaskModel> models, string split, HiddenStateReader reader, CancellationToken cancellation) => throw new NotSupportedException();

    private sealed class NumberedTask() : LearningTask(null!)
    {
        public override IReadOnlyList<FigureDefinition> Figures => [];

        public override IReadOnlyDictionary<string, string> Preprocessing => new Dictionary<string, string>();

        public override TaskModel CreateModel(ModelParts parts) => throw new NotSupportedException();

        public override TaskData OpenData() => throw new NotSupportedException();
    }
}

/// <summary>A model whose backbone gives what it gets.</summary>
internal sealed class NumberedModel() : TaskModel(Parts())
{
    public static BackboneInput InputOf(int[] numbers) =>
        new(torch.tensor(Array.ConvertAll(numbers, number => (float)number)).reshape(numbers.Length, 1, 1).expand(numbers.Length, 1, 4).contiguous());

    public override IReadOnlyDictionary<string, Tensor> Probe() => new Dictionary<string, Tensor>();

    private static ModelParts Parts()
    {
        var module = nn.Sequential(("same", nn.Identity()));
        Weights trained = Weights.Fresh(1);
        TunedBackbone tuned = new HeadMethod(new HeadOptions()).Attach(new ModuleBackbone(module, InputOf([1, 2]).Values, "same").Streams.Only, trained / "numbers" / "method", 4);
        return new ModelParts(new Dictionary<string, TunedBackbone> { ["numbers"] = tuned }, trained, SharesBackbones: false, new Dictionary<string, IReadOnlyList<string>>());
    }
}
