namespace UniPT.Training.Loop;

/// <summary>Follows a run: progress bars, logs.</summary>
public interface ITrainingObserver
{
    /// <summary>The run begins or continues; it has so many epochs, of which the last may be cut short.</summary>
    void Started(TrainingPosition position, int epochs, int stepsPerEpoch);

    /// <summary>Something that whoever trains should know, in a sentence.</summary>
    void Noticed(string sentence)
    {
    }

    /// <summary>A step is done.</summary>
    void Stepped(StepResult result);

    /// <summary>What was trained so far was evaluated.</summary>
    void Evaluated(EpochResult result);
}
