using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Loop;

namespace UniPT.Training.Tests.Loop;

/// <summary>One weight matrix that a product with ones makes smaller; what its steps and evaluations do besides can be set.</summary>
internal sealed class ProductTask : TrainingTask
{
    private readonly Weights _weights = Weights.Fresh(1);
    private readonly int _rows;
    private readonly int _input;

    /// <param name="rows">Rows of the input.</param>
    /// <param name="input">Its width.</param>
    /// <param name="output">Width of the product.</param>
    internal ProductTask(int rows, int input, int output)
    {
        (_rows, _input) = (rows, input);
        Weight = _weights.Parameter("w", Initializers.FanIn(input), output, input);
    }

    /// <summary><c>[output, input]</c>.</summary>
    internal Parameter Weight { get; }

    /// <summary>Between the product, which it is given with the step, and the loss.</summary>
    internal Func<Tensor, int, Tensor> Between { get; init; } = (product, _) => product;

    /// <summary>At every evaluation, after something was computed.</summary>
    internal Action<Tensor> Validating { get; init; } = _ => { };

    public override IReadOnlyList<ParameterGroup> ParameterGroups => [new ParameterGroup(_weights.Store.Parameters)];

    public override IReadOnlyDictionary<string, Tensor> State => _weights.Store.State();

    public override long WeightBytes => Weight.ByteCount();

    public override int StepsPerEpoch => 250;

    public override int ExamplesOf(int stepInEpoch) => _rows;

    public override IDisposable Prepare(int epoch, int stepInEpoch) => torch.ones(_rows).DetachFromDisposeScope();

    public override LossTerms Loss(IDisposable prepared, int epoch, int stepInEpoch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return new LossTerms(new LossTerm("square", scope.MoveToOuter(Between(nn.functional.linear(torch.ones(_rows, _input), Weight), stepInEpoch).pow(Scalars.Of(2)).mean())));
    }

    public override void SetTraining(bool training)
    {
    }

    public override (double Score, IReadOnlyDictionary<string, double> Figures) Validate(CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Validating(nn.functional.linear(torch.ones(_rows, _input), Weight));
        cancellation.ThrowIfCancellationRequested();
        return (1, new Dictionary<string, double>());
    }

    public override void SaveAdapter(string folder)
    {
    }

    public override void Dispose() => _weights.Store.Dispose();
}
