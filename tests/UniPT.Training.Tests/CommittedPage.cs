namespace UniPT.Training.Tests;

/// <summary>A page of the documentation that is made of something else.</summary>
internal static class CommittedPage
{
    /// <summary>Asserts that the page says what it should; UNIPT_UPDATE_DOCS=1 writes it first.</summary>
    internal static void Check(string file, string expected, string source)
    {
        if (Environment.GetEnvironmentVariable("UNIPT_UPDATE_DOCS") == "1")
        {
            AtomicFile.WriteText(file, expected);
        }

        Assert.True(
            File.Exists(file) && File.ReadAllText(file) == expected,
            $"docs/{Path.GetFileName(file)} is not what {source} say; run the tests with UNIPT_UPDATE_DOCS=1 to write it.");
    }
}
