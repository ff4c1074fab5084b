namespace UniPT;

/// <summary>The folder for what can be made again, the same for every process of a user.</summary>
public static class UserCache
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "UNIPT_CACHE";

    /// <summary><c>UNIPT_CACHE</c>, <c>XDG_CACHE_HOME/unipt</c> or <c>~/.cache/unipt</c>; null where the system names none.</summary>
    public static string? Folder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return Path.GetFullPath(named);
        }

        // The specification of these folders says that a path which is not absolute is to be ignored.
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.IsPathRooted(cache) ? Path.Combine(cache, "unipt")
            : home.Length > 0 ? Path.Combine(home, ".cache", "unipt")
            : null;
    }
}
