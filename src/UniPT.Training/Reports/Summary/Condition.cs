using UniPT.Training.Reports.Figures;

namespace UniPT.Training.Reports.Summary;

/// <summary>A condition of training that figures depend on.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">What it was, with its unit.</param>
/// <param name="Touched">What compares on equal terms only where it was the same.</param>
internal sealed record Condition(string Name, Func<TrainingConditions, string> Value, params Aspect[] Touched)
{
    internal static IReadOnlyList<Condition> All { get; } =
    [
        new("Epochs", conditions => Units.Count(conditions.Epochs), Aspect.Quality),
        new("Batch size", conditions => Units.Count(conditions.BatchSize), Aspect.Quality, Aspect.Memory, Aspect.Time),
        new("Image size", conditions => $"{conditions.ImageSize} px", Aspect.Quality, Aspect.Memory, Aspect.Time),
        new("Caption length", conditions => $"{conditions.CaptionLength} tokens", Aspect.Quality, Aspect.Memory, Aspect.Time),
        new("Data type", conditions => conditions.DataType, Aspect.Quality, Aspect.Memory, Aspect.Time),
        new("Threads", conditions => $"{conditions.Threads}", Aspect.Time),
        new("libtorch", conditions => conditions.Libtorch, Aspect.Memory, Aspect.Time),
    ];

    internal bool IsShared(IReadOnlyList<MethodFigures> methods) =>
        methods.DistinctBy(method => Value(method.Conditions)).Count() < 2;
}
