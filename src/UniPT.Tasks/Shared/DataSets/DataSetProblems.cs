using System.Globalization;
using System.Text;

namespace UniPT.Tasks.Shared.DataSets;

/// <summary>Collects what is wrong with a data set, so that all of it is reported at once; what is wrong many times in one way is counted.</summary>
internal sealed class DataSetProblems
{
    private const int MaxListed = 50;
    private const int MaxOfACause = 3;

    private readonly List<string> _listed = [];
    private readonly Dictionary<string, int> _causes = [];
    private int _count;
    private int _unlisted;

    /// <summary>Whether there are any.</summary>
    public bool Any => _count > 0;

    /// <summary>Adds a problem of a file, or of a line as <c>file:line</c>.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="problem">What is wrong there.</param>
    /// <param name="cause">What problems of this kind are called when most of them are only counted; null: it is always listed.</param>
    public void Add(string place, string problem, string? cause = null)
    {
        _count++;
        if (cause is not null && (_causes[cause] = _causes.GetValueOrDefault(cause) + 1) > MaxOfACause)
        {
            return;
        }

        if (_listed.Count < MaxListed)
        {
            _listed.Add($"{place}: {problem}");
        }
        else
        {
            _unlisted++;
        }
    }

    /// <summary>What a message says of a place, without the place's name where it begins with it.</summary>
    public static string Reason(string message, string place) =>
        message.StartsWith($"{place} ", StringComparison.Ordinal) ? message[(place.Length + 1)..] : message;

    /// <summary>Throws if there are any.</summary>
    /// <param name="dataSet">What has them.</param>
    /// <param name="advice">Ends the message.</param>
    /// <exception cref="DataSetException">All of them.</exception>
    public void ThrowIfAny(string dataSet, string? advice = null)
    {
        if (!Any)
        {
            return;
        }

        var message = new StringBuilder($"Data set {dataSet} has {_count} problem{(_count == 1 ? "" : "s")}:");
        foreach (string problem in _listed)
        {
            message.Append("\n  ").Append(PrintableText.Of(problem));
        }

        foreach ((string cause, int count) in _causes.Where(pair => pair.Value > MaxOfACause))
        {
            message.Append(CultureInfo.InvariantCulture, $"\n  … and {count - MaxOfACause} more: {PrintableText.Of(cause)}");
        }

        if (_unlisted > 0)
        {
            message.Append(CultureInfo.InvariantCulture, $"\n  … and {_unlisted} more");
        }

        if (advice is not null)
        {
            message.Append('\n').Append(advice);
        }

        throw new DataSetException(message.ToString());
    }
}

/// <summary>A data set has problems: the first line says how many, the others name file, line and problem.</summary>
public sealed class DataSetException(string message) : UserException(message);
