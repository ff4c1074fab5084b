namespace UniPT.Training.Runs;

/// <summary>What a run's figures depend on besides the method.</summary>
/// <param name="BatchSize">Examples a step.</param>
/// <param name="Inputs">What the task says of its inputs by name, each with its unit, such as <c>Image size</c>: <c>224 px</c>; in the order to show them.</param>
/// <param name="Type">Element type of what trains.</param>
/// <param name="Threads">Threads inside an operator.</param>
/// <param name="Device">Where tensors were.</param>
/// <param name="Libtorch">The library's version.</param>
/// <param name="Processor">The machine's processor.</param>
/// <param name="CachedHiddenStates">Whether the frozen backbones ran only once.</param>
/// <param name="Finished">When, in UTC.</param>
/// <param name="Precision">Element type that the backbones computed in; null in files of versions in which it was that of what trains.</param>
public sealed record RunConditions(
    int BatchSize,
    IReadOnlyDictionary<string, string> Inputs,
    string Type,
    int Threads,
    string Device,
    string Libtorch,
    string Processor,
    bool CachedHiddenStates,
    DateTime Finished,
    string? Precision = null);
