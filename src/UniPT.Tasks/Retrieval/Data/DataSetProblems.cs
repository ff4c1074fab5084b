using System.Globalization;
using System.Text;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Collects what is wrong with a data set, so that all of it is reported at once.</summary>
internal sealed class DataSetProblems
{
    private const int MaxListed = 50;

    private readonly List<string> _listed = [];
    private int _count;

    /// <summary>Adds a problem of a file, or of a line as <c>file:line</c>.</summary>
    public void Add(string place, string problem)
    {
        if (++_count <= MaxListed)
        {
            _listed.Add($"{place}: {problem}");
        }
    }

    public void ThrowIfAny(string dataSet)
    {
        if (_count == 0)
        {
            return;
        }

        var message = new StringBuilder($"Data set {dataSet} has {_count} problem{(_count == 1 ? "" : "s")}:");
        foreach (string problem in _listed)
        {
            message.Append("\n  ").Append(problem);
        }

        if (_count > MaxListed)
        {
            message.Append(CultureInfo.InvariantCulture, $"\n  … and {_count - MaxListed} more");
        }

        throw new DataSetException(message.ToString());
    }
}
