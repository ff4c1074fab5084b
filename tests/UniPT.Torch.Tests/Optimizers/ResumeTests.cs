using UniPT.Testing;

namespace UniPT.Torch.Tests.Optimizers;

/// <summary>Every optimizer, with groups of their own rates and decays, goes on from a file to the same bits.</summary>
public sealed class ResumeTests
{
    private const int Steps = 8;

    public static TheoryData<string> Optimizers => [.. Makers.Keys];

    private static Dictionary<string, Func<IEnumerable<ParameterGroup>, NamedOptimizer>> Makers { get; } = new()
    {
        [nameof(Adam)] = groups => new Adam(groups, 0.8, 0.95),
        [nameof(AdamW)] = groups => new AdamW(groups, 0.8, 0.95),
        [nameof(HuggingFaceAdamW)] = groups => new HuggingFaceAdamW(groups, 0.8, 0.95),
        [nameof(BertAdam)] = groups => new BertAdam(groups, 0.8, 0.95) { MaxTensorNorm = 0.5 },
    };

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void AResumedRunEndsInTheSameBits(string name)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        float[][] straight = Run(name, Steps);
        float[][] resumed = Run(name, 3);
        Assert.Equal(straight, resumed);
        Assert.NotEqual(straight, Run(name, 3, forgets: true));
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void EveryOptimizerIsTestedAndItsGroupsHaveTheirOwnRateAndDecay(string name)
    {
        Assert.Equal(typeof(NamedOptimizer).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(NamedOptimizer))), Makers.Count);
        using DisposeScope scope = torch.NewDisposeScope();
        Parameter[] parameters = [.. Enumerable.Range(0, 3).Select(_ => new Parameter(TensorData.From([2f, 3], 2)))];
        using NamedOptimizer optimizer = Makers[name](
        [
            new ParameterGroup(Named("plain", parameters[0])),
            new ParameterGroup(Named("slow", parameters[1]), LearningRateFactor: 0.1),
            new ParameterGroup(Named("decayed", parameters[2]), WeightDecay: 0.5),
        ]);
        foreach (Parameter parameter in parameters)
        {
            parameter.grad = TensorData.From([0.2f, 0.2f], 2);
        }

        optimizer.Step(0.01);
        double[] moved = [.. parameters.Select(parameter => 2 - parameter.ToArray<float>()[0])];
        Assert.Equal(0.1, moved[1] / moved[0], 1e-3);

        // A hundredth times a half of the value 2, on top of the step; Adam's decay is lost in the gradient's sign.
        Assert.Equal(name == nameof(Adam) ? 0 : 0.01, moved[2] - moved[0], 1e-4);
    }

    private static float[][] Run(string name, int stop, bool forgets = false)
    {
        using var folder = new TemporaryFolder();
        Parameter first = new(TensorData.From([1f, -2, 3], 3));
        Parameter second = new(TensorData.From([0.5f, 0.25f], 2));
        ParameterGroup[] groups = [new(Named("first", first), WeightDecay: 0.1), new(Named("second", second), LearningRateFactor: 0.3)];
        NamedOptimizer optimizer = Makers[name](groups);
        var schedule = new BertSchedule(BertScheduleKind.WarmupCosine, 0.05, Steps, 0.2);
        for (int step = 0; step < Steps; step++)
        {
            if (step == stop)
            {
                SafetensorsWriter.Write(folder.File("state.safetensors"), optimizer.State());
                optimizer.Dispose();
                optimizer = Makers[name](groups);
                using SafetensorsFile file = SafetensorsFile.Open(folder.File("state.safetensors"));
                if (!forgets)
                {
                    optimizer.LoadState(file.Entries.Keys.ToDictionary(key => key, file.Read), "state");
                }
            }

            first.grad = first.detach() * Scalars.Of(step - 2.5);
            second.grad = step % 3 == 0 ? null : second.detach().Add(step);
            optimizer.Step(schedule, step);
        }

        optimizer.Dispose();
        return [first.ToArray<float>(), second.ToArray<float>()];
    }

    private static Dictionary<string, Parameter> Named(string name, Parameter parameter) => new() { [name] = parameter };
}
