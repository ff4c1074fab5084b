namespace UniPT.Torch.Tests.Optimizers;

public sealed class BertAdamTests
{
    [Fact]
    public void TheFirstStepIsNotCorrectedForTheMeansStartAtZero()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter weight = new(TensorData.From([1f, -2], 2));
        using var optimizer = new BertAdam([new ParameterGroup(Named("w", weight), WeightDecay: 0.5)], beta1: 0.9, beta2: 0.99);
        weight.grad = TensorData.From([3f, -0.1f], 2);
        optimizer.Step(0.1);

        // (1 − β1)·g / √((1 − β2)·g²) is the gradient's sign; the decay is part of the step.
        float[] moved = weight.ToArray<float>();
        Assert.Equal(1 - (0.1 * (1 + 0.5)), moved[0], 1e-5);
        Assert.Equal(-2 + (0.1 * (1 + 1)), moved[1], 1e-5);
    }

    [Fact]
    public void EachParametersGradientIsClippedOnItsOwnAndStaysAsItWas()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter large = new(torch.zeros(2));
        Parameter small = new(torch.zeros(2));
        using var optimizer = new BertAdam([new ParameterGroup(new Dictionary<string, Parameter> { ["large"] = large, ["small"] = small })]) { MaxTensorNorm = 1 };
        large.grad = TensorData.From([30f, 40], 2);
        small.grad = TensorData.From([0.3f, 0.4f], 2);
        optimizer.Step(0.1);
        IReadOnlyDictionary<string, Tensor> state = optimizer.State();
        Assert.Equal([0.06f, 0.08f], state["large.exp_avg"].ToArray<float>(), (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal([0.03f, 0.04f], state["small.exp_avg"].ToArray<float>(), (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal([30f, 40], large.grad.ToArray<float>());
    }

    /// <summary>As in the reference, whose counts are the parameters' own.</summary>
    [Fact]
    public void AParameterThatMissedAStepIsBehindInTheSchedule()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter always = new(torch.zeros(1));
        Parameter late = new(torch.zeros(1));
        using var optimizer = new BertAdam([new ParameterGroup(new Dictionary<string, Parameter> { ["always"] = always, ["late"] = late })]);
        var schedule = new BertSchedule(BertScheduleKind.WarmupLinear, 0.1, 10, 0.5);
        always.grad = torch.ones(1);
        optimizer.Step(schedule, 0);
        late.grad = torch.ones(1);
        optimizer.Step(schedule, 1);

        // The first step of each has the rate 0.
        Assert.True(always.Item() < -0.01);
        Assert.Equal(0, late.Item());
        Assert.Equal([2L, 1], new[] { optimizer.State()["always.step"], optimizer.State()["late.step"] }.Select(step => (long)step.Item()));
    }

    [Theory]
    [InlineData(BertScheduleKind.WarmupLinear, 8, 0.25, new[] { 0, 1, 2, 4.0 / 3, 0, 0 })]
    [InlineData(BertScheduleKind.WarmupConstant, 8, 0.25, new[] { 0, 1, 2, 2, 2, 2.0 })]
    [InlineData(BertScheduleKind.WarmupCosine, 8, 0.25, new[] { 0, 1, 1.7071067811865475, 1, 0, 0.07612046748871326 })]
    [InlineData(BertScheduleKind.WarmupLinear, 8, 0, new[] { 2, 1.75, 1.5, 1, 0, 0 })]
    [InlineData(BertScheduleKind.WarmupCosine, -1, 0.25, new[] { 2, 2, 2, 2, 2, 2.0 })]
    [InlineData(BertScheduleKind.WarmupLinear, 8, 1, new[] { 0, 0.25, 0.5, 1, 0, 0 })]
    public void SchedulesAreThoseOfTheReference(BertScheduleKind kind, double total, double warmup, double[] expected)
    {
        var schedule = new BertSchedule(kind, 2, total, warmup);
        long[] steps = [0, 1, 2, 4, 8, 9];
        Assert.Equal(expected, steps.Select(schedule.At), (x, y) => Math.Abs(x - y) < 1e-12);
    }

    private static Dictionary<string, Parameter> Named(string name, Parameter parameter) => new() { [name] = parameter };
}
