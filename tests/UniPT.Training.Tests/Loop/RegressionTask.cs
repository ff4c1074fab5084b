using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Loop;

namespace UniPT.Training.Tests.Loop;

/// <summary>Ten examples of three features, a linear map with dropout before it, the mean of squared errors.</summary>
internal sealed class RegressionTask(int batch = 2, double dropout = 0) : TrainingTask
{
    private const int Examples = 10;
    private static readonly float[] Features = [.. Enumerable.Range(0, Examples * 3).Select(i => (float)Math.Sin(1 + (i * i)))];
    private static readonly float[] Targets = [.. Enumerable.Range(0, Examples).Select(i => (float)Math.Cos(i))];
    private readonly Weights _weights = Weights.Fresh(1);
    private Parameter? _weight;
    private Parameter? _bias;

    /// <summary>At every evaluation, with its number from 0, before anything is computed.</summary>
    internal Action<int> Validating { get; init; } = _ => { };

    /// <summary>Scores by the number of the evaluation; without, minus the loss over all examples.</summary>
    internal Func<int, double>? Score { get; init; }

    /// <summary>Whether the size of the weights is a term of the loss too.</summary>
    internal bool TwoTerms { get; init; }

    internal int Evaluations { get; set; }

    /// <summary>The weights that were saved last.</summary>
    internal float[] Saved { get; private set; } = [];

    internal float[] Values => [.. Weight.ToArray<float>(), .. Bias.ToArray<float>()];

    internal Parameter Weight => _weight ??= _weights.Parameter("head.weight", Initializers.FanIn(3), 1, 3);

    internal Parameter Bias => _bias ??= _weights.Parameter("head.bias", Initializers.Zeros, 1);

    public override IReadOnlyList<ParameterGroup> ParameterGroups =>
        [new ParameterGroup(new Dictionary<string, Parameter> { ["head.weight"] = Weight, ["head.bias"] = Bias }, WeightDecay: 0.1)];

    public override IReadOnlyDictionary<string, Tensor> State => ParameterGroups[0].Parameters.ToDictionary(pair => pair.Key, Tensor (pair) => pair.Value);

    public override long WeightBytes => 16;

    public override int StepsPerEpoch => (Examples + batch - 1) / batch;

    public override int ExamplesOf(int stepInEpoch) => Math.Min(batch, Examples - (stepInEpoch * batch));

    public override IDisposable Prepare(int epoch, int stepInEpoch) => new Nothing();

    public override LossTerms Loss(IDisposable prepared, int epoch, int stepInEpoch)
    {
        var error = new LossTerm("error", Error(stepInEpoch * batch, ExamplesOf(stepInEpoch), dropout));
        return TwoTerms ? new LossTerms(error, new LossTerm("size", Weight.pow(Scalars.Of(2)).sum())) : new LossTerms(error);
    }

    public override void SetTraining(bool training)
    {
    }

    public override (double Score, IReadOnlyDictionary<string, double> Figures) Validate(CancellationToken cancellation)
    {
        Validating(Evaluations);
        cancellation.ThrowIfCancellationRequested();
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        double error = Error(0, Examples, 0).Item();
        int number = Evaluations++;
        return (Score?.Invoke(number) ?? -error, new Dictionary<string, double> { ["error"] = error });
    }

    public override void SaveAdapter(string folder) => Saved = Values;

    public override void Dispose() => _weights.Store.Dispose();

    private Tensor Error(int first, int count, double drop)
    {
        Tensor features = TensorData.From(Features[(first * 3)..((first + count) * 3)], count, 3);
        Tensor given = nn.functional.dropout(features, drop, training: drop > 0);
        return (nn.functional.linear(given, Weight, Bias).squeeze(1) - TensorData.From(Targets[first..(first + count)], count)).pow(Scalars.Of(2)).mean();
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
