namespace UniPT.Torch;

/// <summary>Parameters that share their weight decay and their share of the learning rate.</summary>
/// <param name="Parameters">By a name that is unique over all groups.</param>
/// <param name="WeightDecay">Decoupled decay, at least 0.</param>
/// <param name="LearningRateFactor">Multiplies the schedule's rate.</param>
public sealed record ParameterGroup(
    IReadOnlyDictionary<string, Parameter> Parameters, double WeightDecay = 0, double LearningRateFactor = 1);
