using UniPT.Testing;
using UniPT.Training.Loop;
using UniPT.Training.Runs;

namespace UniPT.Training.Tests.Runs;

public sealed class MetricsLogTests : IDisposable
{
    private const int StepsPerEpoch = 3;
    private static readonly Dictionary<string, double> None = [];
    private readonly TemporaryFolder _folder = new();

    private string EventsFolder => _folder.File("events");

    private string LogFile => _folder.File("metrics.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writes_one_object_a_line_that_can_be_read_while_the_run_goes_on()
    {
        using MetricsLog log = Open(0);
        Record(log, from: 0, to: 3);

        string[] lines = ReadShared();

        Assert.Equal(4, lines.Length);
        Assert.Equal(
            """{"kind":"step","step":1,"epoch":0,"loss":1,"gradient_norm":0.5,"learning_rate":0.001,"examples":8,"seconds":0.25,"tensor_bytes":10}""",
            lines[0]);
        Assert.Equal(
            """{"kind":"evaluation","step":3,"epoch":0,"best":true,"rsum":30,"epoch_seconds":0.75}""", lines[3]);
    }

    [Fact]
    public void The_terms_of_a_loss_stand_beside_it()
    {
        using (MetricsLog log = Open(0))
        {
            Record(log, from: 0, to: 1, new Dictionary<string, double> { ["box"] = 0.25, ["labels"] = 0.75 });
        }

        Assert.Contains("""
            "loss":1,"loss.box":0.25,"loss.labels":0.75,"gradient_norm":0.5,
            """, File.ReadAllText(LogFile));
        Assert.Contains(("train/loss.box", 1, 0.25f), Events());
    }

    /// <summary>A run that was stopped in an evaluation does it again.</summary>
    [Fact]
    public void An_evaluation_that_the_checkpoint_does_not_know_of_goes()
    {
        using (MetricsLog log = Open(0))
        {
            Record(log, from: 0, to: 3);
        }

        Open(3, evaluated: false).Dispose();
        Assert.All(ReadShared(), line => Assert.Contains("\"step\"", line[..15]));
        Assert.Equal(3, ReadShared().Length);
        Assert.DoesNotContain(Events(), scalar => scalar.Tag.StartsWith("val/"));
    }

    /// <summary>Each of the records that TensorBoard would read, in the order of their files.</summary>
    [Theory]
    [InlineData(7, 0)]
    [InlineData(7, 2)]
    [InlineData(7, 3)]
    [InlineData(3, 3)]
    [InlineData(9, 6)]
    public void TensorBoard_sees_every_step_of_a_continued_run_once(int stoppedAfter, int checkpoint)
    {
        using (MetricsLog stopped = Open(0))
        {
            Record(stopped, from: 0, to: stoppedAfter);
        }

        // As a process leaves it that was killed while it wrote.
        File.AppendAllText(Assert.Single(Directory.GetFiles(EventsFolder)), "half");
        using (MetricsLog continued = Open(checkpoint))
        {
            Record(continued, from: checkpoint, to: 9);
        }

        IEnumerable<(string, long, float)> expected = Enumerable.Range(0, 9).SelectMany(step => Expected(step));
        Assert.Equal(expected, Events());
    }

    [Fact]
    public void A_new_log_holds_nothing_of_an_old_one()
    {
        File.WriteAllText(LogFile, "{\"kind\":\"step\",\"step\":1}\n");

        Open(0).Dispose();

        Assert.Equal("", File.ReadAllText(LogFile));
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(7, 2)]
    [InlineData(7, 3)]
    [InlineData(3, 3)]
    [InlineData(9, 6)]
    public void A_run_that_stopped_and_continued_has_the_lines_of_one_that_did_not(int stoppedAfter, int checkpoint)
    {
        using (MetricsLog undisturbed = Open(0))
        {
            Record(undisturbed, from: 0, to: 9);
        }

        string expected = File.ReadAllText(LogFile);
        using (MetricsLog stopped = Open(0))
        {
            Record(stopped, from: 0, to: stoppedAfter);
        }

        using (MetricsLog continued = Open(checkpoint))
        {
            Record(continued, from: checkpoint, to: 9);
        }

        Assert.Equal(expected, File.ReadAllText(LogFile));
    }

    [Theory]
    [InlineData("{\"kind\":\"step\",\"step\":2,\"epo")]
    [InlineData("{")]
    [InlineData("null\n")]
    [InlineData("[]\n")]
    [InlineData("{\"step\":\"2\"}\n")]
    [InlineData("{\"step\":1.5}\n")]
    [InlineData("\0\0\0\0")]
    public void Drops_what_was_cut_off_with_the_process(string half)
    {
        const string Whole = "{\"kind\":\"step\",\"step\":1}\n";
        File.WriteAllText(LogFile, Whole + half);

        Open(5).Dispose();

        Assert.Equal(Whole, File.ReadAllText(LogFile));
    }

    [Fact]
    public void Says_that_the_log_cannot_be_written()
    {
        Directory.CreateDirectory(LogFile);

        Assert.StartsWith($"Cannot write {LogFile}: ", Assert.Throws<UserException>(() => Open(0)).Message);
    }

    /// <summary>As it was after some steps, and after the evaluation of the last of them where an epoch ended.</summary>
    private MetricsLog Open(long step, bool evaluated = true) => MetricsLog.Open(
        LogFile, EventsFolder, TrainingPosition.Start with { Step = step, EvaluatedStep = evaluated ? step : Math.Max(0, step - 1) });

    private static void Record(MetricsLog log, int from, int to, IReadOnlyDictionary<string, double>? terms = null)
    {
        for (int step = from; step < to; step++)
        {
            int epoch = step / StepsPerEpoch;
            var position = new TrainingPosition(epoch, (step % StepsPerEpoch) + 1, step + 1, null, -1);
            log.Step(new StepResult(position, 1.0 / (step + 1), 0.5, 0.001, 8, 0.25, new StepMemory(1, 2, 3, 4)) { Terms = terms ?? None });
            if ((step + 1) % StepsPerEpoch == 0)
            {
                var figures = new Dictionary<string, double> { ["rsum"] = 10 * (step + 1) };
                log.Evaluation(new EpochResult(epoch, step + 1, 10 * (step + 1), true, figures, 0.75));
            }
        }
    }

    private static IEnumerable<(string, long, float)> Expected(int step)
    {
        yield return ("train/loss", step + 1, 1f / (step + 1));
        yield return ("train/gradient_norm", step + 1, 0.5f);
        yield return ("train/learning_rate", step + 1, 0.001f);
        if ((step + 1) % StepsPerEpoch == 0)
        {
            yield return ("val/rsum", step + 1, 10f * (step + 1));
        }
    }

    /// <summary>All scalars of the folder, read as the format says: length, checksum, event, checksum.</summary>
    private List<(string Tag, long Step, float Value)> Events()
    {
        List<(string, long, float)> scalars = [];
        foreach (string file in Directory.GetFiles(EventsFolder).Order(StringComparer.Ordinal))
        {
            using var reader = new BinaryReader(File.OpenRead(file));
            while (reader.BaseStream.Position < reader.BaseStream.Length)
            {
                long length = reader.ReadInt64();
                reader.ReadUInt32();
                Tensorboard.Event record = Tensorboard.Event.Parser.ParseFrom(reader.ReadBytes((int)length));
                reader.ReadUInt32();
                scalars.AddRange(record.Summary?.Value.Select(value => (value.Tag, record.Step, value.SimpleValue)) ?? []);
            }
        }

        return scalars;
    }

    private string[] ReadShared()
    {
        using var reader = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
