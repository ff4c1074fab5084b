using UniPT.Reports.Figures;

namespace UniPT.Reports.Summary;

/// <summary>A condition of training that figures depend on.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Value">What it was for a method, with its unit.</param>
/// <param name="Touched">The <see cref="Aspect"/>s, by name, that compare on equal terms only where it was the same.</param>
internal sealed record Condition(string Name, Func<MethodFigures, string> Value, params string[] Touched)
{
    private static readonly string[] Everything = [Aspect.Quality, Aspect.Memory, Aspect.Time];

    /// <summary>The conditions of some methods, with what their task says of its inputs.</summary>
    internal static IReadOnlyList<Condition> Of(IReadOnlyList<MethodFigures> methods) =>
    [
        new("Epochs", method => Units.Count(method.Epochs), Aspect.Quality),
        new("Batch size", method => Units.Count(method.Conditions.BatchSize), Everything),
        .. methods.SelectMany(method => method.Conditions.Inputs.Keys).Distinct().Select(name =>
            new Condition(name, method => method.Conditions.Inputs.GetValueOrDefault(name, Units.Missing), Everything)),
        new("Data type", method => method.Conditions.Type, Everything),
        new("Backbones' data type", method => method.Conditions.Precision ?? method.Conditions.Type, Everything),
        new("Cache of hidden states", method => method.Conditions.CachedHiddenStates ? "on" : "off", Aspect.Memory, Aspect.Time),
        new("Device", method => method.Conditions.Device, Aspect.Memory, Aspect.Time),
        new("Processor", method => method.Conditions.Processor, Aspect.Time),
        new("Threads", method => $"{method.Conditions.Threads}", Aspect.Time),
        new("libtorch", method => method.Conditions.Libtorch, Aspect.Memory, Aspect.Time),
    ];

    internal bool IsShared(IReadOnlyList<MethodFigures> methods) => methods.DistinctBy(Value).Count() < 2;
}
