using System.Reflection;
using UniPT.Cli.Output;
using UniPT.Torch;

namespace UniPT.Cli.CommandLine;

/// <summary>Maps what a verb throws to a message on the error stream and an exit code.</summary>
internal static class ErrorBoundary
{
    /// <summary>Runs <paramref name="body"/>; its token is cancelled by Ctrl-C and the like.</summary>
    internal static async Task<int> RunAsync(Func<CancellationToken, Task<int>> body)
    {
        using var interruption = new Interruption();
        try
        {
            return await body(interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception error)
        {
            return Report(Unwrap(error));
        }
    }

    private static int Report(Exception error)
    {
        switch (TorchErrors.Translate(error))
        {
            // The runtime's own messages on files are sentences that name the file.
            case (UserException or IOException or UnauthorizedAccessException) and { } wrong:
                Complain(wrong.Message);
                return ExitCode.UserError;
            case OutOfMemoryException:
                Complain($"Out of memory: {error.Message.TrimEnd('.')}; lower train.batch_size or data.image_size.");
                return ExitCode.UserError;
            default:
                Complain($"This is a bug in unipt:{Environment.NewLine}{error}");
                return ExitCode.Bug;
        }
    }

    private static Exception Unwrap(Exception error) =>
        error is AggregateException or TypeInitializationException or TargetInvocationException && error.InnerException is { } inner
            ? Unwrap(inner)
            : error;

    private static void Complain(string message)
    {
        string name = Terminal.TakesEscapes(Console.IsErrorRedirected) ? "\e[31munipt:\e[0m" : "unipt:";
        try
        {
            Console.Error.WriteLine($"{name} {PrintableText.Lines(message)}");
        }
        catch (IOException)
        {
            // The terminal was closed: there is nobody to tell.
        }
    }
}
