using System.Buffers.Binary;
using Tensorboard;
using TorchSharp.Modules;
using UniPT.Training.Loop;

namespace UniPT.Training.Runs;

/// <summary>
/// A run's steps and evaluations as TensorBoard reads them: scalars <c>train/…</c> and <c>val/…</c> by step. Each session of a run writes
/// a file of its own; what a session that was killed wrote after its checkpoint is cut off, so that no reader sees a step twice.
/// </summary>
internal sealed class TensorBoardEvents
{
    private const string Training = "train/";
    private const string Validation = "val/";

    // Of a record: the length and its checksum before the event, the event's checksum after it.
    private const int Head = sizeof(ulong) + sizeof(uint);
    private const int Tail = sizeof(uint);
    private readonly SummaryWriter _writer;

    private TensorBoardEvents(SummaryWriter writer) => _writer = writer;

    /// <summary>Opens a folder of events as it was at a position.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static TensorBoardEvents Open(string folder, TrainingPosition position)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(folder, "events.out.tfevents.*"))
        {
            Cut(file, position);
        }

        return new TensorBoardEvents(utils.tensorboard.SummaryWriter(folder, createRunName: false));
    }

    internal void Step(StepResult result)
    {
        Write(Training + "loss", result.Loss, result.Position.Step);
        foreach ((string name, double value) in result.Terms)
        {
            Write($"{Training}loss.{name}", value, result.Position.Step);
        }

        Write(Training + "gradient_norm", result.GradientNorm, result.Position.Step);
        Write(Training + "learning_rate", result.LearningRate, result.Position.Step);
    }

    internal void Evaluation(EpochResult result)
    {
        foreach ((string name, double value) in result.Figures)
        {
            Write(Validation + name, value, result.Step);
        }
    }

    private void Write(string name, double value, long step) => _writer.add_scalar(name, (float)value, checked((int)step));

    /// <summary>Ends a file before the first record that is not whole, or that the position does not know of.</summary>
    private static void Cut(string file, TrainingPosition position)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int end = 0;
        while (bytes.Length - end >= Head + Tail
            && BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(end)) is var length
            && length <= (ulong)(bytes.Length - end - Head - Tail)
            && IsBefore(Event.Parser.ParseFrom(bytes, end + Head, (int)length), position))
        {
            end += Head + (int)length + Tail;
        }

        if (end < bytes.Length)
        {
            using FileStream stream = File.OpenWrite(file);
            stream.SetLength(end);
        }
    }

    private static bool IsBefore(Event record, TrainingPosition position) =>
        record.Step <= (record.Summary?.Value.Any(value => value.Tag.StartsWith(Validation, StringComparison.Ordinal)) == true ? position.EvaluatedStep : position.Step);
}
