using UniPT.Cli.CommandLine;

namespace UniPT.Cli.Tests.CommandLine;

public sealed class ErrorBoundaryTests
{
    [Fact]
    public async Task BadInputIsOneSentence()
    {
        (int code, string error) = await Run(new UserException("dog.jpg is not an image."));

        Assert.Equal(2, code);
        Assert.Equal("unipt: dog.jpg is not an image.\n", error);
    }

    [Fact]
    public async Task BadInputIsFoundInsideTheRuntimesWrappers()
    {
        var wrapped = new AggregateException(new TypeInitializationException("Bridge", new UserException("no bridge")));

        Assert.Equal((2, "unipt: no bridge\n"), await Run(wrapped));
    }

    [Fact]
    public async Task AFullDiskIsNotABug()
    {
        (int code, string error) = await Run(new IOException("No space left on device : '/data/runs/metrics.jsonl'"));

        Assert.Equal(2, code);
        Assert.Contains("/data/runs/metrics.jsonl", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task OutOfMemorySaysWhatWasNeededWhatWasThereAndWhatToLower()
    {
        (int code, string error) = await Run(
            new System.Runtime.InteropServices.ExternalException("[enforce fail at alloc_cpu.cpp:117] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 12884901888 bytes."));

        Assert.Equal(2, code);
        Assert.Matches(@"^unipt: There was not enough memory for a tensor", error);
        Assert.Matches(@"[KMGT]?i?B?(bytes)? of tensors were held", error);
        Assert.Contains("batch size", error);
    }

    [Fact]
    public async Task ABugKeepsItsStackTrace()
    {
        (int code, string error) = await Run(new InvalidOperationException("impossible"));

        Assert.Equal(1, code);
        Assert.Contains("impossible", error);
        Assert.Contains("   at ", error);
    }

    [Fact]
    public async Task AnInterruptEndsWith130()
    {
        int code = await ErrorBoundary.RunAsync(async cancellation =>
        {
            Interrupt();
            await Task.Delay(TimeSpan.FromMinutes(1), cancellation);
            return 0;
        });

        Assert.Equal(130, code);
    }

    private static void Interrupt()
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-INT", $"{Environment.ProcessId}"]);
        kill.WaitForExit();
    }

    private static async Task<(int Code, string Error)> Run(Exception thrown)
    {
        TextWriter before = Console.Error;
        using var captured = new StringWriter();
        Console.SetError(captured);
        try
        {
            int code = await ErrorBoundary.RunAsync(_ => throw thrown);
            return (code, captured.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
