using System.Runtime.InteropServices;
using UniPT.Backbones.Media;
using UniPT.Torch;

namespace UniPT.Cli.Doctor;

/// <summary>The machine that the tool runs on.</summary>
internal static class MachineChecks
{
    private const long EnoughMemory = 2L << 30;
    private const long EnoughDisk = 1L << 30;

    /// <summary>Looks at system, processor, memory and disk.</summary>
    internal static IEnumerable<Finding> Run()
    {
        yield return new Finding("system", Health.Good, $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");
        yield return new Finding("processor", Health.Good, $"{Machine.Processor}, {Environment.ProcessorCount} cores to use");
        yield return Unicode();

        string memory = Machine.AvailableMemory is { } available
            ? $"{ByteSize.Format(available)} of {ByteSize.Format(Machine.TotalMemory)} are available"
            : $"{ByteSize.Format(Machine.TotalMemory)} in all";
        yield return (Machine.AvailableMemory ?? Machine.TotalMemory) >= EnoughMemory
            ? new Finding("memory", Health.Good, memory)
            : new Finding("memory", Health.Slow, memory, "close other programs, or lower train.batch_size in the recipe");

        var disk = new DriveInfo(Environment.CurrentDirectory);
        string free = $"{ByteSize.Format(disk.AvailableFreeSpace)} of {ByteSize.Format(disk.TotalSize)} are free for {Environment.CurrentDirectory}";
        yield return disk.AvailableFreeSpace >= EnoughDisk
            ? new Finding("disk", Health.Good, free)
            : new Finding("disk", Health.Slow, free, "remove old folders below runs/");

        // Only films need it.
        yield return VideoFile.Decoder is { } decoder
            ? new Finding("ffmpeg", Health.Good, decoder)
            : new Finding("ffmpeg", Health.Good, "not on the PATH, so that films are read only as folders of pictures");
    }

    /// <summary>Without ICU .NET normalises no text, and a tokenizer refuses what is not ASCII.</summary>
    private static Finding Unicode() => Machine.HasIcu
        ? new Finding("ICU", Health.Good, LoadedLibrary.Find("libicuuc", "icu") ?? "the system's")
        : new Finding("ICU", Health.Missing, "switched off in this process", "unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT");
}
