namespace UniPT.Testing;

/// <summary>A committed page that is made of something else, such as one of the documentation.</summary>
public static class CommittedPage
{
    /// <summary>Checks that the page says what it should; UNIPT_UPDATE_DOCS=1 writes it first.</summary>
    /// <exception cref="InvalidOperationException">It says something else.</exception>
    public static void Check(string file, string expected, string source)
    {
        if (Environment.GetEnvironmentVariable("UNIPT_UPDATE_DOCS") == "1")
        {
            AtomicFile.WriteText(file, expected);
        }

        if (!File.Exists(file) || File.ReadAllText(file) != expected)
        {
            throw new InvalidOperationException($"{Path.GetRelativePath(RepositoryPaths.Root, file)} is not what {source} say; run the tests with UNIPT_UPDATE_DOCS=1 to write it.");
        }
    }
}
