using UniPT.Torch;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Loop;

/// <summary>The rates of the published systems, by the options that a recipe has for them; four epochs of five steps where nothing else is said.</summary>
public sealed class SchedulesTests
{
    private const int StepsPerEpoch = 5;
    private static readonly TrainOptions Base = new() { Epochs = 4, LearningRate = 2 };

    public static TheoryData<string, TrainOptions, long[], double[]> Published => new()
    {
        { "VSE", Base with { Schedule = Schedule.Step, StepEpochs = [3] }, [0, 14, 15, 19], [2, 2, 0.2, 0.2] },

        // A rate is set after the step before: the first step of an epoch still has that of the last epoch.
        { "MDETR", Base with { Schedule = Schedule.StepLate, StepEpochs = [1, 2] }, [4, 5, 6, 10, 11], [2, 2, 0.2, 0.2, 0.02] },

        // x = 0.05 and 0.1 of the warm-up; ½·(1 + cos πx) at x = 0.1 and 0.5.
        { "CLIP4Clip", Base with { Schedule = Schedule.WarmupCosine, WarmupShare = 0.1 }, [0, 1, 2, 10], [0, 1, 1 + Math.Cos(0.1 * Math.PI), 1] },

        // 5 % of 4·5 = 20 steps is one step from 0, then 19 to 0.
        { "CLIP-ViL", Base with { Schedule = Schedule.WarmupLinear, WarmupShare = 0.05 }, [0, 1, 10, 19], [0, 2, 2 * 10 / 19.0, 2 / 19.0] },

        // Half a step of warm-up hides nothing after the first.
        { "half a step", Base with { Schedule = Schedule.WarmupLinear, WarmupShare = 0.025 }, [0, 1], [0, 2 * 19 / 19.5] },
        { "LST", Base with { Schedule = Schedule.WarmupLinear, WarmupSteps = 4 }, [0, 1, 4, 12, 20], [0, 0.5, 2, 1, 0] },
        { "BERT, constant", Base with { Schedule = Schedule.WarmupConstant, WarmupSteps = 4 }, [0, 3, 4, 19], [0, 1.5, 2, 2] },
        { "share of steps", Base with { Schedule = Schedule.Linear, WarmupShare = 0.2 }, [0, 3, 4, 12, 20], [0.5, 2, 2, 1, 0] },
        { "length in steps", Base with { Schedule = Schedule.Linear, Steps = 8 }, [0, 4, 8], [2, 1, 0] },
        { "cut short", Base with { Schedule = Schedule.Linear, MaxSteps = 8 }, [0, 8], [2, 1.2] },
        { "accumulation", Base with { Schedule = Schedule.Linear, AccumulationSteps = 2 }, [0, 6, 12], [2, 1, 0] },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void TheRatesAreThoseOfTheSystem(string system, TrainOptions options, long[] steps, double[] expected)
    {
        LearningRateSchedule schedule = TrainingSettings.Of(options, 1, StepsPerEpoch).Schedule;
        double[] rates = [.. steps.Select(schedule.At)];
        Assert.True(
            expected.Zip(rates).All(pair => Math.Abs(pair.First - pair.Second) < 1e-12), $"{system} has {string.Join(", ", expected)}, not {string.Join(", ", rates)}");
    }

    [Theory]
    [InlineData(0, 0, 4, 0)]
    [InlineData(30, 0, int.MaxValue, 30)]
    [InlineData(0, 7, 4, 7)]
    [InlineData(30, 7, int.MaxValue, 7)]
    [InlineData(5, 7, int.MaxValue, 5)]
    public void TheLengthIsThatInStepsOrEpochs(int steps, int maxSteps, int epochs, int lastStep)
    {
        TrainingSettings settings = TrainingSettings.Of(Base with { Steps = steps, MaxSteps = maxSteps }, 1, StepsPerEpoch);
        Assert.Equal((epochs, lastStep), (settings.Epochs, settings.LastStep));
    }

    [Fact]
    public void TheOptimizerIsTheRecipesWithItsOptions()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TrainOptions options = Base with { Beta1 = 0.5, ClipTensorNorm = 0.5, Optimizer = OptimizerKind.Adam };
        foreach ((OptimizerKind kind, Type type) in new[]
        {
            (OptimizerKind.Adamw, typeof(AdamW)), (OptimizerKind.Adam, typeof(Adam)), (OptimizerKind.BertAdam, typeof(BertAdam)), (OptimizerKind.HuggingFaceAdamw, typeof(HuggingFaceAdamW)),
        })
        {
            var weight = new Parameter(torch.zeros(2));
            using NamedOptimizer optimizer = Optimizers.Create(options with { Optimizer = kind }, [new ParameterGroup([("w", weight)])]);
            weight.grad = TensorData.From([3f, 4], 2);
            optimizer.Step(0.1);
            Assert.IsType(type, optimizer);

            // Half of the gradient, clipped from a norm of 5 to one of 0.5.
            Assert.Equal([0.15f, 0.2f], optimizer.State()["w.exp_avg"].ToArray<float>(), (x, y) => Math.Abs(x - y) < 1e-6);
        }
    }
}
