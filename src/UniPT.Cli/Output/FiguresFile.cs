using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniPT.Cli.Output;

/// <summary>What <c>--json</c> writes.</summary>
internal static class FiguresFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Writes the figures; nothing where no file was asked for.</summary>
    internal static void Write<T>(string? file, T figures)
    {
        if (file is not null)
        {
            AtomicFile.WriteText(file, JsonSerializer.Serialize(figures, Options) + "\n");
        }
    }
}
