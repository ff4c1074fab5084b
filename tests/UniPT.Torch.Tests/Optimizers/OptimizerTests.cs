namespace UniPT.Torch.Tests.Optimizers;

public sealed class OptimizerTests
{
    [Fact]
    public void OneStepOfAdamWMovesByTheRateAndDecays()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter weight = Parameter([1f, -2]);
        using var optimizer = new AdamW([new ParameterGroup(new Dictionary<string, Parameter> { ["w"] = weight }, WeightDecay: 0.5)]);
        (weight * TensorData.From([3f, -0.1f], 2)).sum().Backward();
        optimizer.Step(0.1);

        // The first step's m̂/√v̂ is the gradient's sign.
        float[] moved = weight.ToArray<float>();
        Assert.Equal((1 * 0.95) - 0.1, moved[0], 1e-6);
        Assert.Equal((-2 * 0.95) + 0.1, moved[1], 1e-6);
    }

    [Fact]
    public void GroupsHaveTheirOwnFactorAndParametersWithoutGradientStay()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter slow = Parameter([1f]);
        Parameter untouched = Parameter([1f]);
        using var optimizer = new AdamW(
        [
            new ParameterGroup(new Dictionary<string, Parameter> { ["slow"] = slow }, LearningRateFactor: 0.1),
            new ParameterGroup(new Dictionary<string, Parameter> { ["untouched"] = untouched }, WeightDecay: 1),
        ]);
        slow.sum().Backward();
        optimizer.Step(0.1);
        Assert.Equal(0.99, slow.Item(), 1e-6);
        Assert.Equal(1, untouched.Item());
        optimizer.ZeroGrad();
        Assert.Null(slow.grad);
        Assert.Equal(16, optimizer.ByteCount);
    }

    [Fact]
    public void AResumedOptimizerContinuesToTheSameBits()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter straight = Parameter([1f, 2, 3]);
        Parameter resumed = Parameter([1f, 2, 3]);
        using AdamW first = Over(straight);
        using AdamW before = Over(resumed);
        using AdamW after = Over(resumed);
        for (int step = 0; step < 6; step++)
        {
            if (step == 3)
            {
                after.LoadState(before.State(), "state");
            }

            Step(straight, first, step);
            Step(resumed, step < 3 ? before : after, step);
        }

        Assert.Equal(straight.ToArray<float>(), resumed.ToArray<float>());
    }

    [Fact]
    public void ClippingScalesTheJointNorm()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter a = Parameter([0f]);
        Parameter b = Parameter([0f]);
        (a * Scalars.Of(3)).Add(b * Scalars.Of(4)).sum().Backward();
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 10), 1e-6);
        Assert.Equal(3, a.grad!.Item(), 1e-6);
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-6);
        Assert.Equal(0.6, a.grad!.Item(), 1e-5);
        Assert.Equal(0.8, b.grad!.Item(), 1e-5);
    }

    [Fact]
    public void SchedulesAreFunctionsOfTheStep()
    {
        var step = new StepSchedule(1, [10, 20], 0.1);
        Assert.Equal([1, 0.1, 0.01], new[] { step.At(9), step.At(10), step.At(25) }, (x, y) => Math.Abs(x - y) < 1e-12);
        var linear = new LinearSchedule(2, 10, 2);
        Assert.Equal([1, 2, 2, 1, 0], new[] { linear.At(0), linear.At(1), linear.At(2), linear.At(6), linear.At(10) }, (x, y) => Math.Abs(x - y) < 1e-12);
        var cosine = new CosineSchedule(2, 12, 2);
        Assert.Equal([1, 2, 2, 1, 0], new[] { cosine.At(0), cosine.At(1), cosine.At(2), cosine.At(7), cosine.At(12) }, (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal(3, new ConstantSchedule(3).At(1_000_000));
    }

    private static Parameter Parameter(float[] values) => new(TensorData.From(values, values.Length));

    private static AdamW Over(Parameter parameter) =>
        new([new ParameterGroup(new Dictionary<string, Parameter> { ["w"] = parameter }, WeightDecay: 0.01)]);

    private static void Step(Tensor parameter, AdamW optimizer, int step)
    {
        parameter.pow(Scalars.Of(2)).mul(Scalars.Of(step + 1)).sum().Backward();
        optimizer.Step(0.01);
        optimizer.ZeroGrad();
    }
}
