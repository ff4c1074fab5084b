namespace UniPT.Tasks.Questions.Data;

/// <summary>Numbers answers while questions are read: those of a table first, in its order, then whatever else is found.</summary>
/// <param name="table">The table; null where it is made of what is found.</param>
internal sealed class AnswerPool(IReadOnlyList<string>? table)
{
    private static readonly float[] Right = [1];
    private readonly List<string> _answers = [.. table ?? []];
    private readonly List<int> _occurrences = [.. new int[table?.Count ?? 0]];
    private readonly List<AnswerLabels?> _single = [.. new AnswerLabels?[table?.Count ?? 0]];
    private readonly Dictionary<string, int> _places = (table ?? []).Select((answer, place) => (answer, place)).ToDictionary(StringComparer.Ordinal);

    /// <summary>Whether the table was there before.</summary>
    internal bool HasTable => table is not null;

    /// <summary>All answers by their numbers.</summary>
    internal IReadOnlyList<string> Answers => _answers;

    /// <summary>An answer's number.</summary>
    internal int Of(string answer)
    {
        if (!_places.TryGetValue(answer, out int place))
        {
            place = _answers.Count;
            _places.Add(answer, place);
            _answers.Add(answer);
            _occurrences.Add(0);
            _single.Add(null);
        }

        return place;
    }

    /// <summary>Whether an answer stands in the table, where there is one.</summary>
    internal bool IsKnown(int answer) => table is null || answer < table.Count;

    /// <summary>Labels of which one answer is right, which many questions share.</summary>
    internal AnswerLabels Only(int answer) => _single[answer] ??= new AnswerLabels([answer], Right);

    /// <summary>Counts that an answer is the right one of a question.</summary>
    internal void Count(int answer) => _occurrences[answer]++;

    /// <summary>The table: the one that was there, or the answers that are right often enough, the most frequent first.</summary>
    /// <param name="least">How often.</param>
    internal IReadOnlyList<string> Table(int least) => table ??
    [
        .. Enumerable.Range(0, _answers.Count).Where(answer => _occurrences[answer] >= least)
            .OrderByDescending(answer => _occurrences[answer]).ThenBy(answer => _answers[answer], StringComparer.Ordinal).Select(answer => _answers[answer]),
    ];
}
