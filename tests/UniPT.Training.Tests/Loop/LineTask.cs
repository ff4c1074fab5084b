using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Loop;

namespace UniPT.Training.Tests.Loop;

/// <summary>One weight that should come near a target, in three steps an epoch.</summary>
internal sealed class LineTask : TrainingTask
{
    private readonly Weights _weights = Weights.Fresh(1);

    public LineTask() => Weight = _weights.Parameter("w", Initializers.Zeros, 1);

    internal Tensor Weight { get; }

    internal Func<int, double> Target { get; init; } = step => step % 2;

    internal Func<double> Score { get; init; } = () => 1;

    internal Action Validating { get; init; } = () => { };

    internal int Saved { get; private set; }

    public override IReadOnlyList<ParameterGroup> ParameterGroups => [new ParameterGroup(_weights.Store.Parameters)];

    public override IReadOnlyDictionary<string, Tensor> State => _weights.Store.State();

    public override long WeightBytes => Weight.ByteCount();

    public override int StepsPerEpoch => 3;

    public override int ExamplesOf(int stepInEpoch) => 1;

    public override IDisposable Prepare(int epoch, int stepInEpoch) => new Prepared(Target((epoch * StepsPerEpoch) + stepInEpoch));

    public override LossTerms Loss(IDisposable prepared, int epoch, int stepInEpoch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return new LossTerms(new LossTerm("square", scope.MoveToOuter((Weight - Scalars.Of(((Prepared)prepared).Target)).pow(Scalars.Of(2)).mean())));
    }

    public override void SetTraining(bool training)
    {
    }

    public override (double Score, IReadOnlyDictionary<string, double> Figures) Validate(CancellationToken cancellation)
    {
        Validating();
        cancellation.ThrowIfCancellationRequested();
        return (Score(), new Dictionary<string, double>());
    }

    public override void SaveAdapter(string folder) => Saved++;

    public override void Dispose() => _weights.Store.Dispose();

    private sealed record Prepared(double Target) : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
