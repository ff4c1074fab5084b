using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace UniPT.Backbones.Media;

/// <summary>A program of the system that reads films, <c>ffmpeg</c> or <c>ffprobe</c>, whose output is read through a pipe.</summary>
internal static class VideoProgram
{
    /// <summary>How long a program may take for one film.</summary>
    internal static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(10);

    private const int MaxErrors = 4_000;

    // By how a program ends that was interrupted: ffmpeg says 255, others have the signal's number above 128.
    private static readonly int[] Interrupted = [255, 130];

    /// <summary>
    /// Runs a program to its end, or until enough of its output is read; it is ended when that throws. One that was interrupted runs again: a terminal's Ctrl-C reaches it too,
    /// while a run still wants what it gives for the step at whose end it stops.
    /// </summary>
    /// <param name="program">Its name, which is looked for on the PATH.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="film">What messages call the film.</param>
    /// <param name="read">Reads its output; says whether that was enough, so that the rest is not waited for.</param>
    /// <param name="limit">How long it may take; null: <see cref="DefaultLimit"/>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="UserException">The program is not there, fails, or takes too long.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static T Run<T>(
        string program, IReadOnlyList<string> arguments, string film, Func<Stream, (T Value, bool Enough)> read, TimeSpan? limit = null, CancellationToken cancellation = default)
    {
        (T value, int exit, string said) = RunOnce(program, arguments, film, read, limit ?? DefaultLimit, cancellation);
        if (Interrupted.Contains(exit))
        {
            (value, exit, said) = RunOnce(program, arguments, film, read, limit ?? DefaultLimit, cancellation);
        }

        return exit == 0 ? value : throw new UserException($"{film} cannot be read by {program}{said}.");
    }

    /// <summary>Where a program is; null where it is not on the PATH.</summary>
    internal static string? Find(string program)
    {
        string file = OperatingSystem.IsWindows() ? $"{program}.exe" : program;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    /// <summary>Where a program is.</summary>
    /// <exception cref="UserException">It is not on the PATH.</exception>
    internal static string Require(string program) => Find(program) ?? throw new UserException(
        $"Films are read by the programs ffmpeg and ffprobe, of which {program} is not on the PATH; install them (Debian and Ubuntu: apt-get install ffmpeg), or give every film as a folder of pictures.");

    /// <summary>What was read, and how the program ended: 0 also where enough was read.</summary>
    private static (T Value, int Exit, string Said) RunOnce<T>(
        string program, IReadOnlyList<string> arguments, string film, Func<Stream, (T Value, bool Enough)> read, TimeSpan most, CancellationToken cancellation)
    {
        using Process process = Start(program, arguments);
        var errors = new StringBuilder();
        process.ErrorDataReceived += (_, line) => Append(errors, line.Data);
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        using var tooLong = new CancellationTokenSource(most);
        using CancellationTokenRegistration onLimit = tooLong.Token.Register(() => End(process));
        using CancellationTokenRegistration onCancel = cancellation.Register(() => End(process));
        T value;
        bool enough;
        try
        {
            (value, enough) = read(process.StandardOutput.BaseStream);
        }
        catch
        {
            End(process);
            ThrowIfEnded();
            throw;
        }

        if (enough)
        {
            End(process);
        }

        process.WaitForExit();
        ThrowIfEnded();
        return (value, enough ? 0 : process.ExitCode, Said(errors));

        void ThrowIfEnded()
        {
            cancellation.ThrowIfCancellationRequested();
            if (tooLong.IsCancellationRequested)
            {
                throw new UserException($"{film} takes {program} more than {most.TotalSeconds:0.#} seconds; cut the film into shorter ones.");
            }
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Require(program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new UserException($"{start.FileName}, which reads films, cannot be started: {error.Message}", error);
        }
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    private static void Append(StringBuilder errors, string? line)
    {
        lock (errors)
        {
            if (!string.IsNullOrWhiteSpace(line) && errors.Length < MaxErrors)
            {
                errors.Append(errors.Length == 0 ? "" : "; ").Append(line.Trim());
            }
        }
    }

    /// <summary>What a program wrote of its failure, as the end of a sentence.</summary>
    private static string Said(StringBuilder errors)
    {
        const int Shown = 300;
        lock (errors)
        {
            string all = PrintableText.Of(errors.ToString()).TrimEnd('.');
            return all.Length == 0 ? "" : $": {(all.Length > Shown ? $"{all[..Shown]}…" : all)}";
        }
    }
}
