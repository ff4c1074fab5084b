namespace UniPT.Tasks.Questions.Data;

/// <summary>Question files that are read together under one name.</summary>
/// <param name="Name">As options and messages call them.</param>
/// <param name="Paths">The file, or the parts of one that was published as a folder; none where nothing of that name is there.</param>
internal sealed record QuestionFile(string Name, IReadOnlyList<string> Paths);

/// <summary>Where the files of a data set of questions lie, as they are found below the folder that a user names.</summary>
internal sealed class QuestionLayout
{
    private static readonly string[] Names = ["{0}.json", "v2_OpenEnded_mscoco_{0}_questions.json", "{0}_questions.json", "{0}_questions", "{0}"];
    private static readonly string[] QuestionFolders = ["", "questions", "questions1.2"];
    private static readonly string[] OtherFolders = ["", "annotations", "questions", "questions1.2", "eval", "choices"];

    // Of which the first applies whose first file is there: as LXMERT's code reads them, and as the benchmark publishes them.
    private static readonly Dictionary<QuestionBenchmark, (string[] Train, string[] Val, string[] Test)[]> Published = new()
    {
        [QuestionBenchmark.Vqa] = [(["train", "nominival"], ["minival"], ["test"]), (["train2014"], ["val2014"], ["test2015"])],
        [QuestionBenchmark.Gqa] = [(["train", "valid"], ["testdev"], []), (["train_balanced", "val_balanced"], ["testdev_balanced"], [])],
    };

    private static readonly Dictionary<QuestionBenchmark, string[]> PictureFolders = new()
    {
        [QuestionBenchmark.Vqa] = ["mscoco", "coco", "images"],
        [QuestionBenchmark.Gqa] = ["images", "allImages/images", "allImages"],
    };

    private readonly QuestionDataOptions _options;

    private QuestionLayout(QuestionDataOptions options, string folder, (string[] Train, string[] Val, string[] Test) names)
    {
        (_options, Folder) = (options, folder);
        Train = Files(options.Train, names.Train);
        Val = Files(options.Val, names.Val);
        Test = Files(options.Test, names.Test);
        string[] around = [folder, Path.GetDirectoryName(folder) ?? folder, options.Path, Path.Combine(options.Path, "data")];
        Images = options.Images ?? around.SelectMany(root => PictureFolders[options.Benchmark].Select(name => Path.Combine(root, name))).FirstOrDefault(Directory.Exists)
            ?? around.FirstOrDefault(root => Directory.Exists(Path.Combine(root, "train2014")) || Directory.Exists(Path.Combine(root, "val2014")));
    }

    /// <summary>The folder of the question files.</summary>
    internal string Folder { get; }

    /// <summary>The folder of the pictures; null where none was found.</summary>
    internal string? Images { get; }

    /// <summary>The files to train on.</summary>
    internal IReadOnlyList<QuestionFile> Train { get; }

    /// <summary>The files to choose the best epoch by.</summary>
    internal IReadOnlyList<QuestionFile> Val { get; }

    /// <summary>The files to report on or to predict.</summary>
    internal IReadOnlyList<QuestionFile> Test { get; }

    /// <summary>What was looked for to find the folder, for messages.</summary>
    internal static string Expected(QuestionBenchmark benchmark) => benchmark == QuestionBenchmark.Vqa
        ? "vqa/train.json as LXMERT reads it, or v2_OpenEnded_mscoco_train2014_questions.json of VQAv2"
        : "gqa/train.json as LXMERT reads it, or train_balanced_questions.json of GQA";

    /// <summary>Finds the files; null where there are none of the benchmark.</summary>
    internal static QuestionLayout? Find(QuestionDataOptions options)
    {
        string benchmark = options.Benchmark.ToString().ToLowerInvariant();
        string path = Path.GetFullPath(options.Path);
        string[] roots = [Path.Combine(path, benchmark), Path.Combine(path, "data", benchmark), path];
        foreach (string folder in roots.SelectMany(root => QuestionFolders.Select(name => Path.Combine(root, name))).Select(Path.TrimEndingDirectorySeparator).Where(Directory.Exists))
        {
            foreach ((string[] Train, string[] Val, string[] Test) names in Published[options.Benchmark])
            {
                if (Find(folder, names.Train[0]).Count > 0 || options.Train.Any(name => Find(folder, name).Count > 0))
                {
                    return new QuestionLayout(options, folder, names);
                }
            }
        }

        return null;
    }

    /// <summary>Whether nobody named the files of the test split.</summary>
    internal bool IsTestPublished => _options.Test.Count == 0;

    /// <summary>A file that belongs to the questions, such as annotations, or the parts of it; none where it is not there.</summary>
    internal IReadOnlyList<string> Beside(string name) =>
        OtherFolders.Select(folder => PartsOf(Path.Combine(Folder, folder, name))).FirstOrDefault(found => found.Count > 0) ?? [];

    private static IReadOnlyList<string> Find(string folder, string name) =>
        Names.Select(pattern => PartsOf(Path.Combine(folder, pattern.Replace("{0}", name, StringComparison.Ordinal)))).FirstOrDefault(found => found.Count > 0) ?? [];

    /// <summary>The file itself, or the JSON files of a folder of that name.</summary>
    private static IReadOnlyList<string> PartsOf(string path)
    {
        string folder = Path.ChangeExtension(path, null);
        return File.Exists(path) ? [path] : Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)] : [];
    }

    private IReadOnlyList<QuestionFile> Files(IReadOnlyList<string> given, string[] published) =>
        [.. (given.Count > 0 ? given : published).Select(name => new QuestionFile(name, Find(Folder, name)))];
}
