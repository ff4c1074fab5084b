using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;
using UniPT.Torch;

namespace UniPT.Tasks.VideoRetrieval.Data;

/// <summary>
/// MSVD (Chen and Dolan, ACL 2011) as CLIP4Clip has it: <c>train_list.txt</c>, <c>val_list.txt</c> and <c>test_list.txt</c> with an id a line, and the captions of all films in
/// <c>raw-captions.pkl</c>, a pickled dictionary from ids to lists of lists of words.
/// </summary>
internal sealed class Msvd(DataSetFiles files, VideoRetrievalDataOptions options, DataSetProblems problems, List<string> notices) : FilmFormat(files, options, problems, notices)
{
    /// <summary>The file by which the data set is known.</summary>
    internal const string Captions = "raw-captions.pkl";

    private static readonly string[] Lists = ["train_list.txt", "val_list.txt", "test_list.txt"];

    internal override string Name => "MSVD";

    internal override IReadOnlyList<ListedFilm> Read()
    {
        (string Place, string Id, int Split)[] listed = [.. Lists.SelectMany((name, split) => Ids(name).Select(id => (id.Place, id.Id, split)))];
        if (Require(Captions) is not { } path || Dictionary(path) is not { } pickled)
        {
            return [];
        }

        var captions = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach ((object key, object? value) in pickled)
        {
            if (key is string id && Sentences(value) is { } sentences)
            {
                captions[id] = Cleaned($"{path}: {id}", sentences);
            }
            else
            {
                Problems.Add($"{path}: {key}", "is no list of captions that are lists of words", "entries that are no lists of captions");
            }
        }

        var names = listed.Select(film => film.Id).ToHashSet(StringComparer.Ordinal);
        NoticeUnlisted(path, captions.Where(pair => !names.Contains(pair.Key)).Sum(pair => pair.Value.Count));
        return [.. listed.Select(film => new ListedFilm(film.Place, film.Id, captions.GetValueOrDefault(film.Id, []), film.Split, Lists[film.Split]))];
    }

    private IEnumerable<(string Place, string Id)> Ids(string name)
    {
        if (Require(name) is not { } path)
        {
            yield break;
        }

        foreach ((int line, string? id) in TextLines.Of(Files.Read(path)))
        {
            if (string.IsNullOrEmpty(id))
            {
                Problems.Add($"{path}:{line}", id is null ? TextLines.NoText : "is empty; expected the id of a film", "lines without an id");
            }
            else
            {
                yield return ($"{path}:{line}", id);
            }
        }
    }

    private IReadOnlyDictionary<object, object?>? Dictionary(string path)
    {
        try
        {
            if (PlainPickle.Read(path, Files.Read(path)) is IReadOnlyDictionary<object, object?> dictionary)
            {
                return dictionary;
            }

            Problems.Add(path, "holds no dictionary; expected one from ids to lists of captions");
        }
        catch (UserException error)
        {
            Problems.Add(path, DataSetProblems.Reason(error.Message, path));
        }

        return null;
    }

    /// <summary>Words joined by blanks; captions that are texts already stay. Null for anything else.</summary>
    private static string[]? Sentences(object? value)
    {
        if (value is not IReadOnlyList<object?> list)
        {
            return null;
        }

        string[] sentences = [.. list.Select(caption => caption switch
        {
            string text => text,
            IReadOnlyList<object?> words when words.All(word => word is string) => string.Join(' ', words),
            _ => null,
        }).OfType<string>()];
        return sentences.Length == list.Count ? sentences : null;
    }
}
