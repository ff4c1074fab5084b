using System.Text.Json;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Questions.Data;

/// <summary>
/// The table of answers as LXMERT's code has it: <c>trainval_label2ans.json</c>, a list, and <c>trainval_ans2label.json</c>, which says where in it each answer stands.
/// </summary>
internal static class AnswerTable
{
    internal const string Places = "trainval_ans2label.json";
    internal const string Answers = "trainval_label2ans.json";

    /// <summary>The answers in their order; null where neither file is there, or one is wrong.</summary>
    internal static IReadOnlyList<string>? Read(string folder, DataSetProblems problems)
    {
        string[]? list = File.Exists(Path.Combine(folder, Answers)) ? List(folder, problems) : null;
        Dictionary<string, int>? places = File.Exists(Path.Combine(folder, Places)) ? Map(folder, problems) : null;
        if (list is null || places is null)
        {
            return list ?? places?.OrderBy(pair => pair.Value).Select(pair => pair.Key).ToArray();
        }

        if (list.Length != places.Count)
        {
            problems.Add(Answers, $"has {list.Length} answers and {Places} has {places.Count}; they must say the same");
        }

        for (int i = 0; i < list.Length; i++)
        {
            if (!places.TryGetValue(list[i], out int place) || place != i)
            {
                string other = places.ContainsKey(list[i]) ? $"puts at {place}" : "does not have";
                problems.Add($"{Answers} (entry {i + 1})", $"has at {i} the answer \"{list[i]}\", which {Places} {other}", "answers that the two tables put at different places");
            }
        }

        return list;
    }

    private static string[] List(string folder, DataSetProblems problems)
    {
        var answers = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonEntry entry in JsonEntries.Read(Path.Combine(folder, Answers), Answers, (place, problem) => problems.Add(place, problem)))
        {
            if (entry.Value.ValueKind != JsonValueKind.String || entry.Name is not null || JsonMembers.TextOf(entry.Value) is not { } answer)
            {
                problems.Add(entry.Place, "is not the text of an answer", "is not the text of an answer");
            }
            else if (!known.Add(answer))
            {
                problems.Add(entry.Place, $"has the answer \"{answer}\" for the second time", "has an answer twice");
            }
            else
            {
                answers.Add(answer);
            }
        }

        return [.. answers];
    }

    private static Dictionary<string, int>? Map(string folder, DataSetProblems problems)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (JsonEntry entry in JsonEntries.Read(Path.Combine(folder, Places), Places, (place, problem) => problems.Add(place, problem)))
        {
            if (entry.Name is null || entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int place) || place < 0)
            {
                problems.Add(entry.Place, "does not say where an answer stands, as in {\"yes\": 0}", "does not say where an answer stands");
                return null;
            }

            if (!places.TryAdd(entry.Name, place))
            {
                problems.Add(entry.Place, $"has the answer \"{entry.Name}\" for the second time", "has an answer twice");
            }
        }

        int odd = places.Values.Order().Index().FirstOrDefault(pair => pair.Item != pair.Index, (Index: -1, Item: 0)).Index;
        if (odd >= 0)
        {
            problems.Add(Places, $"puts no answer, or two, at {odd}; expected 0 to {places.Count - 1}, each once");
            return null;
        }

        return places;
    }
}
