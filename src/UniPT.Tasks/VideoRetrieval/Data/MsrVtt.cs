using System.Text.Json;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.VideoRetrieval.Data;

/// <summary>
/// MSR-VTT (Xu et al., CVPR 2016) as CLIP4Clip and those before it divide it (1k-A): <c>MSRVTT_train.9k.csv</c> or <c>7k</c>, <c>MSRVTT_JSFUSION_test.csv</c> with one sentence a
/// film, and <c>MSRVTT_data.json</c> with the sentences of train, which is parsed whole (about 20 MB).
/// </summary>
internal sealed class MsrVtt(DataSetFiles files, VideoRetrievalDataOptions options, DataSetProblems problems, List<string> notices) : FilmFormat(files, options, problems, notices)
{
    /// <summary>The file by which the data set is known.</summary>
    internal const string Sentences = "MSRVTT_data.json";

    private const string Test = "MSRVTT_JSFUSION_test.csv";
    private static readonly string[] Train = ["MSRVTT_train.9k.csv", "MSRVTT_train.7k.csv"];

    internal override string Name => "MSR-VTT";

    internal override IReadOnlyList<ListedFilm> Read()
    {
        string list = Options.TrainList ?? Train.FirstOrDefault(name => Find(Files, name) is not null) ?? Train[0];
        (string Place, string Id)[] train = [.. Rows(list, []).Select(row => (row.Place, Value(row, "video_id")!))];
        ListedFilm[] test = [.. Rows(Test, ["sentence"]).Select(row => new ListedFilm(row.Place, Value(row, "video_id")!, [Value(row, "sentence")!], 2, Test))];
        if (Require(Sentences) is not { } path)
        {
            return [];
        }

        Dictionary<string, List<string>> captions = train.Select(film => film.Id).Distinct().ToDictionary(id => id, _ => new List<string>(), StringComparer.Ordinal);
        ReadSentences(path, captions, [.. test.Select(film => film.Name)]);
        return [.. train.Select(film => new ListedFilm(film.Place, film.Id, captions[film.Id], 0, list)), .. test];
    }

    /// <summary>Rows that have an id and the other columns.</summary>
    private IEnumerable<TableRow> Rows(string name, string[] others)
    {
        if (Require(name) is not { } path)
        {
            yield break;
        }

        TableFile table = Table(path);
        string[] columns = ["video_id", .. others];
        if (columns.FirstOrDefault(column => !table.Keys.Contains(column, StringComparer.OrdinalIgnoreCase)) is { } missing)
        {
            Problems.Add(path, $"has no column {missing}; its columns are {TableFile.Shown(table.Keys)}");
            yield break;
        }

        foreach (TableRow row in table.Rows)
        {
            if (columns.FirstOrDefault(column => Value(row, column) is null) is { } empty)
            {
                Problems.Add(row.Place, $"has no {empty}", "rows with an empty cell");
            }
            else
            {
                yield return row;
            }
        }
    }

    /// <summary>Adds every sentence to the captions of its film, in the order of the file.</summary>
    private void ReadSentences(string path, Dictionary<string, List<string>> captions, HashSet<string> others)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Files.Read(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("sentences", out JsonElement sentences) || sentences.ValueKind != JsonValueKind.Array)
            {
                Problems.Add(path, "has no list of sentences; expected one JSON object with videos and sentences");
                return;
            }

            int unlisted = 0;
            foreach ((int i, JsonElement sentence) in sentences.EnumerateArray().Index())
            {
                if (Text(sentence, "video_id") is not { } id || Text(sentence, "caption") is not { } caption)
                {
                    Problems.Add($"{path}: sentences[{i}]", "has no video_id or no caption", "sentences without a video_id or a caption");
                }
                else if (captions.TryGetValue(id, out List<string>? known))
                {
                    known.AddRange(Cleaned($"{path}: sentences[{i}]", [caption]));
                }
                else if (!others.Contains(id))
                {
                    unlisted++;
                }
            }

            NoticeUnlisted(path, unlisted);
        }
        catch (JsonException error)
        {
            Problems.Add($"{path}:{error.LineNumber + 1}", $"is not valid JSON (byte {error.BytePositionInLine + 1})");
        }
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
