namespace UniPT.Cli.CommandLine;

/// <summary>The folder of the project that the tool was built in: its recipes, models and data.</summary>
internal static class Checkout
{
    /// <summary>The checkout's root, or null when the tool was installed elsewhere.</summary>
    internal static string? Root { get; } = Find();

    private static string? Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "UniPT.slnx")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
