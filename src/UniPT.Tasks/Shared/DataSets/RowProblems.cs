namespace UniPT.Tasks.Shared.DataSets;

/// <summary>What is wrong with single rows: a problem of the data set each, or, where bad rows are left out, counted.</summary>
internal sealed class RowProblems(DataSetProblems problems, bool skip)
{
    private readonly HashSet<string> _places = [];
    private string? _first;

    /// <summary>Whether there are any.</summary>
    public bool Any { get; private set; }

    /// <summary>Adds a problem of a row.</summary>
    /// <param name="place">File and line.</param>
    /// <param name="problem">What is wrong there.</param>
    /// <param name="cause">What problems of this kind are called when most of them are only counted.</param>
    public void Add(string place, string problem, string cause)
    {
        Any = true;
        if (!skip)
        {
            problems.Add(place, problem, cause);
        }
        else if (_places.Add(place))
        {
            _first ??= $"{place}: {problem}";
        }
    }

    /// <summary>Says how many rows are left out; null for none.</summary>
    public string? Notice(string set) => _places.Count == 0
        ? null
        : $"{_places.Count} row{(_places.Count == 1 ? "" : "s")} of {set} cannot be used and {(_places.Count == 1 ? "is" : "are")} left out; the first is {_first}.";
}
