using System.Text.Json;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Questions.Data;

/// <summary>What GQA's question files and its files of choices say for figures.</summary>
/// <param name="problem">Told what is wrong with a file, and where.</param>
internal sealed class GqaFiles(Action<string, string> problem)
{
    private const string Common = "Common";

    // Thousands of questions have the same choices.
    private readonly Dictionary<string, IReadOnlySet<string>> _sets = new(StringComparer.Ordinal);

    /// <summary>What a question's entry says; null where it has no types.</summary>
    internal static GqaTruth? TruthOf(string id, JsonElement question)
    {
        JsonElement types = question.Find("types") ?? default;
        return types.Text("structural") is not { } structural || question.Text("answer") is not { } answer ? null : new GqaTruth(answer)
        {
            IsBalanced = question.Find("isBalanced") is not { ValueKind: JsonValueKind.False },
            Structural = string.Intern(structural),
            AsksWhatIsCommon = types.Text("detailed")?.Contains(Common, StringComparison.Ordinal) == true,
            Group = question.Find("groups") is { } groups && groups.Text("global") is { } group ? string.Intern(group) : null,
            Entailed = [.. (question.Texts("entailed") ?? []).Where(other => other != id)],
        };
    }

    /// <summary>Gives questions what GQA's own files say of them.</summary>
    /// <param name="paths">The question files.</param>
    /// <param name="wanted">Where questions stand, by their ids.</param>
    /// <param name="questions">The questions.</param>
    internal void AttachTruths(IReadOnlyList<string> paths, Dictionary<string, int> wanted, List<Question> questions)
    {
        foreach ((string id, int place, JsonElement value) in Entries(paths, wanted))
        {
            questions[place] = questions[place] with { Truth = TruthOf(id, value) };
        }
    }

    /// <summary>Gives questions the answers that are valid, and those that are plausible.</summary>
    /// <param name="paths">The files of choices.</param>
    /// <param name="wanted">Where questions stand, by their ids.</param>
    /// <param name="questions">The questions.</param>
    internal void AttachChoices(IReadOnlyList<string> paths, Dictionary<string, int> wanted, List<Question> questions)
    {
        foreach ((_, int place, JsonElement value) in Entries(paths, wanted))
        {
            if (questions[place].Truth is GqaTruth truth)
            {
                questions[place] = questions[place] with { Truth = truth with { Valid = Set(value, "valid"), Plausible = Set(value, "plausible") } };
            }
        }
    }

    private IEnumerable<(string Id, int Place, JsonElement Value)> Entries(IReadOnlyList<string> paths, Dictionary<string, int> wanted)
    {
        foreach (JsonEntry entry in paths.SelectMany(path => JsonEntries.Read(path, Path.GetFileName(path), problem)))
        {
            if (entry.Name is { } id && wanted.TryGetValue(id, out int place))
            {
                yield return (id, place, entry.Value);
            }
        }
    }

    private IReadOnlySet<string>? Set(JsonElement choices, string name)
    {
        if (choices.Texts(name) is not { } answers)
        {
            return null;
        }

        string key = string.Join('\n', answers);
        return _sets.TryGetValue(key, out IReadOnlySet<string>? known) ? known : _sets[key] = answers.ToHashSet(StringComparer.Ordinal);
    }
}
