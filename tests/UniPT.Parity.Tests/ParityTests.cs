using UniPT.Testing;

namespace UniPT.Parity.Tests;

public sealed class ParityTests
{
    // Every file in tests/golden whose case is here.
    private const int OwnFiles = 83;
    private static readonly string Own = RepositoryPaths.Golden;

    public static TheoryData<string> Folders =>
        [.. (Environment.GetEnvironmentVariable("UNIPT_GOLDEN") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Prepend(Own).Distinct()];

    [Theory]
    [MemberData(nameof(Folders))]
    public void FolderAgrees(string folder)
    {
        Assert.True(Directory.Exists(folder), $"UNIPT_GOLDEN names {folder}, which is no folder");
        ParityRun run = ParityRun.Over(folder);
        string skipped = run.Skipped.Count == 0 ? "" : $" ({string.Join(", ", run.Skipped)})";
        Report($"parity: {run.Checked} files checked, {run.Skipped.Count} skipped{skipped} in {folder}");
        Assert.True(run.Failures.Count == 0, string.Join('\n', run.Failures));
        if (folder == Own)
        {
            Assert.Equal(OwnFiles, run.Checked);
        }
    }

    private static void Report(string line)
    {
        Console.WriteLine(line);
        if (Environment.GetEnvironmentVariable("UNIPT_PARITY_SUMMARY") is { Length: > 0 } summary)
        {
            File.AppendAllText(summary, line + '\n');
        }
    }
}
