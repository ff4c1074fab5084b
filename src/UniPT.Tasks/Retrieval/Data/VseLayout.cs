using System.Globalization;
using System.Text.Json;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>
/// Flickr30K and MS-COCO as VSE∞ (woodfrog/vse_infty) and SCAN (kuanghuei/SCAN) lay them out: <c>precomp/train_caps.txt</c> with a caption a line, five lines a picture,
/// <c>precomp/train_ids.txt</c> with the pictures' numbers, one for every picture or one for every caption, and <c>id_mapping.json</c> from numbers to files in
/// <c>flickr30k-images</c> or <c>images</c>; or <c>precomp/train_ims.npy</c> with the features of their regions, for which neither pictures nor numbers are needed.
/// </summary>
internal sealed class VseLayout
{
    private const int CaptionsOfAPicture = 5;
    private const string Mapping = "id_mapping.json";

    /// <summary>What the files of a split are called; COCO's test split is <c>testall</c>, of which <c>test</c> is a fifth.</summary>
    private static readonly string[][] Names = [["train"], ["dev"], ["testall", "test"]];

    private readonly DataSetFiles _files;
    private readonly DataSetFiles? _elsewhere;
    private readonly DataSetProblems _problems;
    private readonly RowProblems _rows;
    private readonly string _folder;
    private readonly bool _readsRegions;
    private readonly Dictionary<string, string> _mapping = new(StringComparer.Ordinal);
    private readonly List<FoundPicture> _found = [];
    private readonly RegionRows?[] _regions = new RegionRows?[Names.Length];
    private PictureFolder? _pictures;

    private VseLayout(DataSetFiles files, DataSetFiles? elsewhere, string folder, bool regions, DataSetProblems problems, bool skipBad)
    {
        (_files, _elsewhere, _folder, _readsRegions, _problems) = (files, elsewhere, folder, regions, problems);
        _rows = new RowProblems(problems, skipBad);
    }

    /// <summary>The folder with the captions, with a slash at its end or nothing; null where a data set is not laid out so.</summary>
    /// <exception cref="UserException">There are several.</exception>
    internal static string? FolderOf(DataSetFiles files)
    {
        string[] folders =
        [
            .. Names.SelectMany(names => names).Select(name => $"{name}_caps.txt")
                .SelectMany(file => files.Sizes.Keys.Where(path => path == file || path.EndsWith($"/{file}", StringComparison.Ordinal)).Select(DataSetLayout.Parent))
                .Distinct().Order(StringComparer.Ordinal),
        ];
        return folders.Length <= 1
            ? folders.FirstOrDefault()
            : throw new UserException(
                $"{files.Path} holds several data sets of captions, in {string.Join(" and ", folders.Select(folder => folder.Length == 0 ? "." : folder))}; name the folder of one.");
    }

    /// <summary>Whether there are precomputed regions.</summary>
    internal static bool HasRegions(DataSetFiles files, string folder) => Names[0].Concat(Names[2]).Any(name => files.Sizes.ContainsKey($"{folder}{name}_ims.npy"));

    /// <summary>Reads all splits, noting every problem.</summary>
    /// <param name="files">Where the captions are.</param>
    /// <param name="elsewhere">Where the pictures may be besides; null for nowhere.</param>
    /// <param name="folder">As <see cref="FolderOf"/> gives it.</param>
    /// <param name="regions">Whether the features of regions are read in the place of pictures.</param>
    /// <param name="problems">Gets every problem.</param>
    /// <param name="skipBad">Whether captions and pictures that cannot be used are left out.</param>
    internal static FoundPictures Read(DataSetFiles files, DataSetFiles? elsewhere, string folder, bool regions, DataSetProblems problems, bool skipBad) =>
        new VseLayout(files, elsewhere, folder, regions, problems, skipBad).Read();

    private FoundPictures Read()
    {
        ReadMapping();
        foreach (int split in Enumerable.Range(0, Names.Length))
        {
            string? name = Names[split].FirstOrDefault(name => _files.Sizes.ContainsKey($"{_folder}{name}_caps.txt"));
            if (name is not null)
            {
                ReadSplit(split, name);
            }
            else if (Names[split].FirstOrDefault(name => _files.Sizes.ContainsKey($"{_folder}{name}_ids.txt")) is { } lonely)
            {
                _problems.Add($"{_folder}{lonely}_caps.txt", $"does not exist; {_folder}{lonely}_ids.txt does");
            }
        }

        string set = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_files.Path)));
        return new FoundPictures(_found, HasSplits: true, [])
        {
            Format = _readsRegions ? "in VSE∞'s layout, with precomputed regions" : "in VSE∞'s layout",
            Notices = [.. PublishedNotices.Of(set, _found), .. _rows.Notice(set) is { } left ? new[] { left } : []],
            Files = _pictures?.Files,
            Regions = _readsRegions ? _regions : [],
        };
    }

    private void ReadMapping()
    {
        string[] places = [DataSetLayout.Parent(_folder) + Mapping, _folder + Mapping, Mapping];
        string? name = places.FirstOrDefault(_files.Sizes.ContainsKey);
        if (name is null)
        {
            if (!_readsRegions)
            {
                _problems.Add(places[0], "does not exist; the files of the pictures are named there by their ids");
            }

            return;
        }

        if (_files.FindProblem(name) is { } problem)
        {
            _problems.Add(name, problem);
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(_files.Read(name));
            if (document.RootElement.ValueKind != JsonValueKind.Object || document.RootElement.EnumerateObject().Any(entry => entry.Value.ValueKind != JsonValueKind.String))
            {
                _problems.Add(name, "is not a JSON object from ids to names of files");
                return;
            }

            foreach (JsonProperty entry in document.RootElement.EnumerateObject())
            {
                _mapping[entry.Name] = entry.Value.GetString()!;
            }
        }
        catch (JsonException error)
        {
            _problems.Add($"{name}:{error.LineNumber + 1}", $"is not valid JSON (byte {error.BytePositionInLine + 1})");
            return;
        }
        catch (InvalidOperationException)
        {
            _problems.Add(name, "has a string that is not valid Unicode");
            return;
        }

        _pictures = _readsRegions ? null : PictureFolder.Find(_files, _elsewhere, _mapping.Values, name, _problems);
    }

    private void ReadSplit(int split, string name)
    {
        (string captionFile, string idFile, string arrayFile) = ($"{_folder}{name}_caps.txt", $"{_folder}{name}_ids.txt", $"{_folder}{name}_ims.npy");
        if (Lines(captionFile) is not { } captions)
        {
            return;
        }

        string?[]? ids = null;
        if (!_readsRegions || _files.Sizes.ContainsKey(idFile))
        {
            ids = Lines(idFile);
            if (ids is null)
            {
                return;
            }
        }

        _regions[split] = _readsRegions ? RegionRows.Open(_files, arrayFile, _problems) : null;
        if (_readsRegions && _regions[split] is null)
        {
            return;
        }

        bool isOfCaptions = ids?.Length == captions.Length;
        int[] starts = isOfCaptions
            ? [.. Starts(ids!)]
            : [.. Enumerable.Range(0, captions.Length / CaptionsOfAPicture).Select(picture => picture * CaptionsOfAPicture)];
        if (ids is not null && !isOfCaptions && ids.Length * CaptionsOfAPicture != captions.Length)
        {
            _problems.Add(idFile, $"has {ids.Length} ids and {captionFile} has {captions.Length} captions; expected an id for every five captions, or one for every caption");
            return;
        }

        if (ids is null && captions.Length % CaptionsOfAPicture != 0)
        {
            _problems.Add(captionFile, $"has {captions.Length} captions; expected five for every picture");
            return;
        }

        int rows = _regions[split]?.Count ?? starts.Length;
        if (rows != starts.Length && rows != captions.Length)
        {
            _problems.Add(arrayFile, $"has {rows} rows; expected {starts.Length}, one for every picture of {captionFile}, or {captions.Length}, one for every caption");
            return;
        }

        string?[]? captionIds = CaptionIds(name, captions.Length);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int picture = 0; picture < starts.Length; picture++)
        {
            int end = picture + 1 < starts.Length ? starts[picture + 1] : captions.Length;
            int idLine = isOfCaptions ? starts[picture] : picture;
            if (PathOf(name, picture, ids?[idLine], $"{idFile}:{idLine + 1}", idLine, seen) is not var (path, id))
            {
                continue;
            }

            int[] said = [.. Enumerable.Range(starts[picture], end - starts[picture]).Where(line => IsCaption(captions[line], $"{captionFile}:{line + 1}"))];
            if (said.Length > 0)
            {
                _found.Add(new FoundPicture(path, [.. said.Select(line => captions[line]!)], split, captionFile)
                {
                    Id = id,
                    CaptionIds = captionIds is null ? null : [.. said.Select(line => captionIds[line] ?? "")],
                    Row = rows == starts.Length ? picture : starts[picture],
                });
            }
        }
    }

    /// <summary>The numbers of a split's captions, which Crisscrossed Captions has; null where they are not there.</summary>
    private string?[]? CaptionIds(string split, int captions)
    {
        string[] places = [$"{DataSetLayout.Parent(_folder)}cxc_annots/{split}_capids.txt", $"{_folder}{split}_capids.txt"];
        if (places.FirstOrDefault(_files.Sizes.ContainsKey) is not { } file || Lines(file) is not { } ids)
        {
            return null;
        }

        if (ids.Length != captions)
        {
            _problems.Add(file, $"has {ids.Length} ids; expected {captions}, one for every caption of {_folder}{split}_caps.txt");
        }

        return ids.Length == captions ? ids : null;
    }

    /// <summary>The lines at which another picture begins, where every caption has an id.</summary>
    private static IEnumerable<int> Starts(string?[] ids) => Enumerable.Range(0, ids.Length).Where(line => line == 0 || ids[line] != ids[line - 1]);

    /// <summary>A picture's file and id; null after a problem.</summary>
    private (string Path, string? Id)? PathOf(string name, int picture, string? given, string place, int line, Dictionary<string, int> seen)
    {
        if (given is null && _readsRegions)
        {
            return ($"{name}/{picture}", null);
        }

        if (!long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            _rows.Add(place, $"\"{Shorten(given ?? "")}\" is no id; expected a whole number", "ids that are no numbers");
            return null;
        }

        string id = number.ToString(CultureInfo.InvariantCulture);
        if (!seen.TryAdd(id, line))
        {
            _rows.Add(place, $"has the id {id} again, after line {seen[id] + 1}; the captions of a picture stand together", "ids that come again");
            return null;
        }

        if (!_readsRegions && _pictures is null)
        {
            return null; // said once
        }

        if (!_mapping.TryGetValue(id, out string? file))
        {
            if (_readsRegions)
            {
                return (id, id);
            }

            _rows.Add(place, $"has the id {id}, which {Mapping} does not have", $"ids that {Mapping} does not have");
            return null;
        }

        string path = _pictures?.PathOf(file) ?? file;
        if (_pictures?.Files.Sizes.ContainsKey(path) == false)
        {
            _rows.Add(place, $"has the id {id}, whose picture {path} {_pictures.Files.FindProblem(path)}", $"pictures that {Mapping} names and that do not exist");
            return null;
        }

        return (path, id);
    }

    private bool IsCaption(string? caption, string place)
    {
        if (caption is null)
        {
            _rows.Add(place, TextLines.NoText, TextLines.NoText);
        }
        else if (caption.Length == 0)
        {
            _rows.Add(place, "empty caption", "empty captions");
        }

        return caption is { Length: > 0 };
    }

    /// <summary>The trimmed lines of a file, null for those that are no text; null after a problem.</summary>
    private string?[]? Lines(string name)
    {
        if (_files.FindProblem(name) is { } problem)
        {
            _problems.Add(name, problem);
            return null;
        }

        return [.. TextLines.Of(_files.Read(name)).Select(line => line.Text)];
    }

    private static string Shorten(string text) => text.Length <= 20 ? text : $"{text[..20]}…";
}
