using System.Text.RegularExpressions;

namespace UniPT.Torch;

/// <summary>
/// The folder into which Hugging Face's libraries download models (https://huggingface.co/docs/huggingface_hub/guides/manage-cache): one
/// <c>models--organisation--name</c> a model, with <c>refs/main</c>, which names a snapshot, and <c>snapshots</c>, whose files are links into
/// <c>blobs</c>. It is only read; nothing is downloaded.
/// </summary>
public static partial class HubCache
{
    /// <summary>What a name in the cache begins with.</summary>
    public const string Scheme = "hf:";

    private const int MostLinks = 40;
    private const int LongestReference = 200;

    /// <summary>
    /// The folder, which need not be there: <c>HF_HUB_CACHE</c>, else <c>HUGGINGFACE_HUB_CACHE</c>, else <c>HF_HOME/hub</c>, else
    /// <c>XDG_CACHE_HOME/huggingface/hub</c>, else <c>~/.cache/huggingface/hub</c>.
    /// </summary>
    public static string Folder =>
        Variable("HF_HUB_CACHE") ?? Variable("HUGGINGFACE_HUB_CACHE")
        ?? Path.Combine(Variable("HF_HOME") ?? Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(Home, ".cache"), "huggingface"), "hub");

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>Whether a text names a model in the cache and no path.</summary>
    public static bool IsName(string text) => text.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>The folder of a model's files.</summary>
    /// <param name="name"><c>hf:organisation/name</c>, or <c>hf:name</c>; with <c>@revision</c>, a branch, a tag or a commit, another one than main.</param>
    /// <exception cref="UserException">The name is none, the model or the revision is not in the cache, or a file of it is a link out of the cache.</exception>
    public static string Snapshot(string name)
    {
        Match match = Name().Match(name);
        if (!match.Success)
        {
            throw new UserException($"{name} is no name of a model in the hub cache; expected one such as hf:google-bert/bert-base-uncased or, of another revision than main, hf:google-bert/bert-base-uncased@revision.");
        }

        string model = Path.Combine(Folder, $"models--{match.Groups["model"].Value.Replace("/", "--", StringComparison.Ordinal)}");
        if (!Directory.Exists(model))
        {
            throw new UserException($"{name} is not in the hub cache {Folder}, and nothing is downloaded: get it with huggingface-cli download {match.Groups["model"].Value}, or name the cache's folder with HF_HUB_CACHE.");
        }

        string revision = match.Groups["revision"] is { Success: true } named ? named.Value : "main";
        string reference = Path.Combine(model, "refs", revision);
        string commit = File.Exists(reference) ? TextFile.Read(reference, "the name of a snapshot", LongestReference).Trim() : revision;
        string snapshot = Path.Combine(model, "snapshots", commit);
        if (!Plain().IsMatch(commit) || !Directory.Exists(snapshot))
        {
            throw new UserException($"{name} is in the hub cache {Folder}, but not its revision {PrintableText.Of(revision)}.");
        }

        foreach (string file in Directory.EnumerateFileSystemEntries(snapshot))
        {
            RequireInside(file);
        }

        return snapshot;
    }

    /// <summary>Checks that a file in a snapshot of a hub cache, whichever and however it was named, is a file of that cache.</summary>
    /// <exception cref="UserException">It is a link out of it.</exception>
    public static void RequireInside(string file)
    {
        string full = Path.GetFullPath(file);
        for (string? folder = Path.GetDirectoryName(full); folder is not null && Path.GetDirectoryName(folder) is { } above; folder = above)
        {
            if (Path.GetFileName(folder) != "snapshots" || !Path.GetFileName(above).StartsWith("models--", StringComparison.Ordinal))
            {
                continue;
            }

            string cache = Path.GetDirectoryName(above)!;
            string real = Real(full);
            if (!real.StartsWith(Real(cache).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new UserException($"{file} is a symbolic link to {real}, outside of the hub cache's folder {cache}; it is not read.");
            }
        }
    }

    /// <summary>A path without symbolic links.</summary>
    private static string Real(string full)
    {
        string root = Path.GetPathRoot(full)!;
        string real = root;
        var rest = new Stack<string>(Parts(full));
        for (int links = 0; rest.TryPop(out string? part);)
        {
            string next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new UserException($"{full} is a symbolic link that leads to itself.");
            }

            string followed = Path.GetFullPath(target, real);
            real = root;
            foreach (string further in Parts(followed))
            {
                rest.Push(further);
            }
        }

        return real;
    }

    /// <summary>The names in a path, the last one first.</summary>
    private static IEnumerable<string> Parts(string full) =>
        full[Path.GetPathRoot(full)!.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse();

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? Path.GetFullPath(value) : null;

    [GeneratedRegex(@"^hf:(?<model>[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?)(@(?<revision>[A-Za-z0-9][\w.-]*))?$", RegexOptions.ECMAScript)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9][\w.-]*$", RegexOptions.ECMAScript)]
    private static partial Regex Plain();
}
