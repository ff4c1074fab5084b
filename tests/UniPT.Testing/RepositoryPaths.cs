namespace UniPT.Testing;

/// <summary>Places in the repository, found upwards from where the tests run.</summary>
public static class RepositoryPaths
{
    public static string Root { get; } = FindRoot();

    public static string Golden => Path.Combine(Root, "tests", "golden");

    public static string Models => Path.Combine(Root, "models");

    public static string Data => Path.Combine(Root, "data");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "UniPT.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No UniPT.slnx above {AppContext.BaseDirectory}.");
    }
}
