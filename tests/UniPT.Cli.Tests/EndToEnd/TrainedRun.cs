using UniPT.Testing;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>One finished run on the tiny data, for all tests that only read it.</summary>
public sealed class TrainedRun : IDisposable
{
    public TrainedRun()
    {
        Data = EmojiSample.Write(Temporary);
        Folder = Temporary.File("run");
        Figures = Temporary.File("figures.json");
        Training = Tool.Run(SampleTraining.Arguments(Data, Folder, "--json", Figures));
    }

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>The data set's folder.</summary>
    public string Data { get; }

    /// <summary>What <c>--json</c> wrote.</summary>
    public string Figures { get; }

    internal TemporaryFolder Temporary { get; } = new();

    internal ToolResult Training { get; }

    /// <summary>A copy of the adapter that a test may spoil.</summary>
    public string CopyAdapter()
    {
        string copy = Temporary.File($"adapter-{Guid.NewGuid():N}");
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(Path.Combine(Folder, "adapter")))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    public void Dispose() => Temporary.Dispose();
}
