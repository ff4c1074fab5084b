namespace UniPT.Torch;

/// <summary>Parameters that share their weight decay and their share of the learning rate.</summary>
/// <param name="Parameters">By a name that is unique over all groups.</param>
/// <param name="WeightDecay">Decoupled decay, at least 0.</param>
/// <param name="LearningRateFactor">Multiplies the schedule's rate.</param>
public sealed record ParameterGroup(
    IReadOnlyDictionary<string, Parameter> Parameters, double WeightDecay = 0, double LearningRateFactor = 1)
{
    /// <summary>The epoch, counted from 0, at whose start a training loop begins to change them.</summary>
    public int FromEpoch { get; init; }

    /// <summary>Of a list, such as that of a module's <c>named_parameters()</c>.</summary>
    public ParameterGroup(IEnumerable<(string Name, Parameter Parameter)> parameters, double weightDecay = 0, double learningRateFactor = 1)
        : this(parameters.ToDictionary(pair => pair.Name, pair => pair.Parameter, StringComparer.Ordinal), weightDecay, learningRateFactor)
    {
    }
}
