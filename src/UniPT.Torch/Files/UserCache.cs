namespace UniPT;

/// <summary>
/// The folder for what can be made or fetched again: <c>UNIPT_CACHE</c>, else <c>XDG_CACHE_HOME/unipt</c>, else <c>~/.cache/unipt</c>.
/// </summary>
public static class UserCache
{
    /// <summary>The environment variable that moves it.</summary>
    public const string Variable = "UNIPT_CACHE";

    /// <summary>The folder, which need not be there; null where the system names none.</summary>
    public static string? Folder
    {
        get
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
}
