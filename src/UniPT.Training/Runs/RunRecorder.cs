using UniPT.Training.Loop;

namespace UniPT.Training.Runs;

/// <summary>Writes a run's metrics, remembers its figures and passes everything on.</summary>
internal sealed class RunRecorder(MetricsLog log, ITrainingObserver? next) : ITrainingObserver
{
    private readonly List<double> _epochSeconds = [];
    private double _seconds;
    private int _epoch = -1;

    /// <summary>The largest step.</summary>
    internal StepMemory? Memory { get; private set; }

    /// <summary>Over the epochs of this process; the only, partial one where there is no other.</summary>
    internal double MedianEpochSeconds
    {
        get
        {
            double[] sorted = [.. _epochSeconds.Append(_seconds).Where(seconds => seconds > 0).Order()];
            return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
        }
    }

    public void Started(TrainingPosition position, int epochs, int stepsPerEpoch) => next?.Started(position, epochs, stepsPerEpoch);

    public void Noticed(string sentence) => next?.Noticed(sentence);

    public void Stepped(StepResult result)
    {
        if (result.Position.Epoch != _epoch)
        {
            _epoch = result.Position.Epoch;
            if (_seconds > 0)
            {
                _epochSeconds.Add(_seconds);
            }

            _seconds = 0;
        }

        _seconds += result.Seconds;
        Memory = StepMemory.Larger(Memory, result.Memory);
        log.Step(result);
        next?.Stepped(result);
    }

    public void Evaluated(EpochResult result)
    {
        log.Evaluation(result);
        next?.Evaluated(result);
    }
}
