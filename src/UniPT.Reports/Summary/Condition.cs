using UniPT.Reports.Figures;

namespace UniPT.Reports.Summary;

/// <summary>A condition of training that figures depend on.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">What it was for a method, with its unit.</param>
/// <param name="Touched">What compares on equal terms only where it was the same.</param>
internal sealed record Condition(string Name, Func<MethodFigures, string> Value, params Aspect[] Touched)
{
    internal static IReadOnlyList<Condition> All { get; } =
    [
        new("Epochs", method => Units.Count(method.Epochs), Aspect.Quality),
        new("Batch size", method => Units.Count(method.Conditions.BatchSize), Aspect.Quality, Aspect.Memory, Aspect.Time),
        new("Image size", method => $"{method.Conditions.ImageSize} px", Aspect.Quality, Aspect.Memory, Aspect.Time),
        new("Longest caption", method => $"{method.Conditions.LongestCaption} tokens", Aspect.Quality, Aspect.Memory, Aspect.Time),
        new("Data type", method => method.Conditions.Type, Aspect.Quality, Aspect.Memory, Aspect.Time),
        new("Backbones' data type", method => method.Conditions.Precision ?? method.Conditions.Type, Aspect.Quality, Aspect.Memory, Aspect.Time),
        new("Cache of hidden states", method => method.Conditions.CachedHiddenStates ? "on" : "off", Aspect.Memory, Aspect.Time),
        new("Device", method => method.Conditions.Device, Aspect.Memory, Aspect.Time),
        new("Processor", method => method.Conditions.Processor, Aspect.Time),
        new("Threads", method => $"{method.Conditions.Threads}", Aspect.Time),
        new("libtorch", method => method.Conditions.Libtorch, Aspect.Memory, Aspect.Time),
    ];

    internal bool IsShared(IReadOnlyList<MethodFigures> methods) => methods.DistinctBy(Value).Count() < 2;
}
