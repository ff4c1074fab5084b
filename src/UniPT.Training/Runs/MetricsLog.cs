using System.Text.Json;
using UniPT.Training.Loop;

namespace UniPT.Training.Runs;

/// <summary>
/// A run's metrics, one JSON object a line. A run that is continued drops the lines after its checkpoint, and a line
/// that was cut off with the process, so that it reads as if it had never stopped.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly FileStream _stream;

    private MetricsLog(FileStream stream) => _stream = stream;

    /// <summary>Opens the log as it was after <paramref name="step"/> steps.</summary>
    /// <exception cref="UserException">The file cannot be written.</exception>
    internal static MetricsLog Open(string file, long step)
    {
        try
        {
            string[] kept = File.Exists(file) ? [.. File.ReadLines(file).TakeWhile(line => StepOf(line) <= step)] : [];
            AtomicFile.WriteText(file, string.Concat(kept.Select(line => line + "\n")));
            return new MetricsLog(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot write {file}: {error.Message}", error);
        }
    }

    internal void Step(StepResult result) => Write("step", result.Position.Step, json =>
    {
        json.WriteNumber("epoch", result.Position.Epoch);
        json.WriteNumber("loss", result.Loss);
        json.WriteNumber("gradient_norm", result.GradientNorm);
        json.WriteNumber("learning_rate", result.LearningRate);
        json.WriteNumber("examples", result.Examples);
        json.WriteNumber("seconds", Math.Round(result.Seconds, 6));
        if (result.Memory.Peak is { } bytes)
        {
            json.WriteNumber("tensor_bytes", bytes);
        }
        else
        {
            json.WriteNull("tensor_bytes");
        }
    });

    internal void Evaluation(EpochResult result) => Write("evaluation", result.Step, json =>
    {
        json.WriteNumber("epoch", result.Epoch);
        json.WriteBoolean("best", result.Best);
        foreach ((string name, double value) in result.Figures)
        {
            json.WriteNumber(name, value);
        }

        json.WriteNumber("epoch_seconds", Math.Round(result.Seconds, 3));
    });

    public void Dispose() => _stream.Dispose();

    private void Write(string kind, long step, Action<Utf8JsonWriter> fields)
    {
        using (var json = new Utf8JsonWriter(_stream))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            json.WriteNumber("step", step);
            fields(json);
            json.WriteEndObject();
        }

        _stream.Write("\n"u8);
        _stream.Flush();
    }

    /// <summary>The line's step; beyond every step where the line is not whole.</summary>
    private static long StepOf(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("step").GetInt64();
        }
        catch (Exception error) when (
            error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return long.MaxValue;
        }
    }
}
