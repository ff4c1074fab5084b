using System.Text.Json;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;
using UniPT.Torch;

namespace UniPT.Tasks.Questions;

/// <summary>
/// The answer head of the pretraining as the start of a task's own: both hidden layers as they are, and the row of every answer that the pretraining knew, by its name in normal
/// form; rows of others are zero. As LXMERT's code does it.
/// </summary>
internal static class PretrainedAnswers
{
    private const string Place = "answer_head.logit_fc.";
    private const string Expected = "expected LXMERT's all_ans.json, a list as [{\"ans\": \"yes\", \"dsets\": [\"vqa\"]}]";
    private static readonly string[] Leading = ["a ", "an ", "the "];

    private static readonly Dictionary<string, string> Others = ((string[])
    [
        "one=1", "two=2", "three=3", "four=4", "five=5", "six=6", "seven=7", "eight=8", "nine=9", "ten=10", "grey=gray", "a man=man", "the man=man", "a woman=woman", "the woman=woman",
    ]).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);

    /// <summary>The file with the pretraining's answers, in the folder that holds the data or beside it.</summary>
    /// <exception cref="UserException">It is not there.</exception>
    internal static string Find(string data)
    {
        string path = Path.GetFullPath(data);
        string[] roots = [path, Path.Combine(path, "data"), Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path)) ?? path];
        return roots.Select(root => Path.Combine(root, "lxmert", "all_ans.json")).FirstOrDefault(File.Exists)
            ?? throw new UserException($"task.pretrained_answers needs the table of answers of the pretraining, lxmert/all_ans.json in {data}, which is not there.");
    }

    /// <summary>Writes the start into a head's weights.</summary>
    /// <param name="head">The weights of <see cref="AnswerHead"/> by their names in it.</param>
    /// <param name="answers">The task's answers, in their order.</param>
    /// <param name="table">The file with the pretraining's answers.</param>
    /// <param name="checkpoint">The pretrained weights.</param>
    /// <returns>How many of the answers the pretraining knew.</returns>
    /// <exception cref="UserException">A file is broken, or the two do not belong together.</exception>
    internal static int Start(IReadOnlyDictionary<string, Tensor> head, IReadOnlyList<string> answers, string table, string checkpoint)
    {
        Dictionary<string, int> rows = Rows(table);
        int[] places = [.. answers.Select(answer => rows.GetValueOrDefault(Normal(answer), -1))];
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        using TensorFile file = TensorFile.Open(checkpoint);
        var start = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((string name, Tensor own) in head)
        {
            string stored = Place + name;
            if (!file.Entries.ContainsKey(stored))
            {
                throw new UserException($"{file.Path} has no tensor {stored}, from which task.pretrained_answers starts the answer head; use the checkpoint of the pretraining, or leave the option out.");
            }

            Tensor read = file.Read(stored).to(ScalarType.Float32).to(own.device);
            start.Add(name, name.StartsWith("3.", StringComparison.Ordinal) ? Chosen(read, places, rows, table, file.Path) : read);
        }

        StateCheck.CopyInto(head, start, file.Path);
        return places.Count(place => place >= 0);
    }

    /// <summary>An answer's name in normal form.</summary>
    internal static string Normal(string answer)
    {
        string text = answer.ToLowerInvariant();
        text = text.EndsWith('.') ? text[..^1].Trim() : text;
        foreach (string article in Leading)
        {
            text = text.StartsWith(article, StringComparison.Ordinal) ? text[article.Length..].Trim() : text;
        }

        return Others.GetValueOrDefault(text, text);
    }

    private static Tensor Chosen(Tensor rows, int[] places, Dictionary<string, int> table, string name, string path)
    {
        int last = table.Values.Max();
        if (last >= rows.size(0))
        {
            throw new UserException($"{name} has {last + 1} answers and the answer head in {path} {rows.size(0)}; they do not belong together.");
        }

        Tensor chosen = rows.index_select(0, TensorData.From([.. places.Select(place => (long)Math.Max(0, place))], places.Length).to(rows.device));
        Tensor known = TensorData.From([.. places.Select(place => place >= 0)], places.Length).to(rows.device);
        return torch.where(rows.dim() == 2 ? known.unsqueeze(1) : known, chosen, torch.zeros_like(chosen));
    }

    private static Dictionary<string, int> Rows(string table)
    {
        var problems = new DataSetProblems();
        var rows = new Dictionary<string, int>(StringComparer.Ordinal);
        int row = 0;
        foreach (JsonEntry entry in JsonEntries.Read(table, Path.GetFileName(table), (place, problem) => problems.Add(place, problem)))
        {
            if (entry.Name is null && entry.Value.ValueKind == JsonValueKind.Object && entry.Value.Text("ans") is { } answer)
            {
                rows[answer] = row++;
            }
            else
            {
                problems.Add(entry.Place, $"is no answer; {Expected}", "is no answer");
            }
        }

        problems.ThrowIfAny(table);
        return rows.Count > 0 ? rows : throw new UserException($"{table} has no answers; {Expected}.");
    }
}
