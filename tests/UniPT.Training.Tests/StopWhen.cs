using UniPT.Training.Loop;

namespace UniPT.Training.Tests;

/// <summary>Keeps every step and evaluation, and asks to stop after a certain step.</summary>
internal sealed class StopWhen(long step = long.MaxValue) : ITrainingObserver, IDisposable
{
    private readonly CancellationTokenSource _source = new();

    internal CancellationToken Token => _source.Token;

    internal List<StepResult> Steps { get; } = [];

    internal List<EpochResult> Evaluations { get; } = [];

    internal List<string> Notices { get; } = [];

    internal void Stop() => _source.Cancel();

    public void Noticed(string sentence) => Notices.Add(sentence);

    public void Started(TrainingPosition position, int epochs, int stepsPerEpoch)
    {
    }

    public void Stepped(StepResult result)
    {
        Steps.Add(result);
        if (result.Position.Step == step)
        {
            _source.Cancel();
        }
    }

    public void Evaluated(EpochResult result) => Evaluations.Add(result);

    public void Dispose() => _source.Dispose();
}
