using System.Text.Json;
using UniPT.Training.Loop;

namespace UniPT.Training.Runs;

/// <summary>
/// A run's metrics, one JSON object a line, and the same for TensorBoard. A run that is continued drops what came after its checkpoint,
/// and a line that was cut off with the process, so that it reads as if it had never stopped.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly FileStream _stream;
    private readonly TensorBoardEvents _events;

    private MetricsLog(FileStream stream, TensorBoardEvents events) => (_stream, _events) = (stream, events);

    /// <summary>Opens the log as it was at a position.</summary>
    /// <param name="file">The JSON lines.</param>
    /// <param name="eventsFolder">For TensorBoard.</param>
    /// <param name="position">What is told of later steps goes, and an evaluation at this one that it does not know of.</param>
    /// <exception cref="UserException">The files cannot be written.</exception>
    internal static MetricsLog Open(string file, string eventsFolder, TrainingPosition position)
    {
        try
        {
            string[] kept = File.Exists(file) ? [.. File.ReadLines(file).TakeWhile(line => IsBefore(line, position))] : [];
            AtomicFile.WriteText(file, string.Concat(kept.Select(line => line + "\n")));
            var events = TensorBoardEvents.Open(eventsFolder, position);
            return new MetricsLog(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read), events);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"Cannot write {file}: {error.Message}", error);
        }
    }

    internal void Step(StepResult result)
    {
        WriteStep(result);
        _events.Step(result);
    }

    internal void Evaluation(EpochResult result)
    {
        WriteEvaluation(result);
        _events.Evaluation(result);
    }

    public void Dispose() => _stream.Dispose();

    private void WriteStep(StepResult result) => Write("step", result.Position.Step, json =>
    {
        json.WriteNumber("epoch", result.Position.Epoch);
        json.WriteNumber("loss", result.Loss);
        foreach ((string name, double value) in result.Terms)
        {
            json.WriteNumber($"loss.{name}", value);
        }

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

    private void WriteEvaluation(EpochResult result) => Write("evaluation", result.Step, json =>
    {
        json.WriteNumber("epoch", result.Epoch);
        json.WriteBoolean("best", result.Best);
        foreach ((string name, double value) in result.Figures)
        {
            json.WriteNumber(name, value);
        }

        json.WriteNumber("epoch_seconds", Math.Round(result.Seconds, 3));
    });

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

    /// <summary>Whether a line belongs to what a position knows of; one that is not whole does not.</summary>
    private static bool IsBefore(string line, TrainingPosition position)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            long step = document.RootElement.GetProperty("step").GetInt64();
            bool evaluation = document.RootElement.GetProperty("kind").GetString() == "evaluation";
            return evaluation ? step <= position.EvaluatedStep : step <= position.Step;
        }
        catch (Exception error) when (
            error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
