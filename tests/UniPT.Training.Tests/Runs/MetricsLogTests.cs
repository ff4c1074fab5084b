using UniPT.Testing;
using UniPT.Training.Loop;
using UniPT.Training.Runs;

namespace UniPT.Training.Tests.Runs;

public sealed class MetricsLogTests : IDisposable
{
    private const int StepsPerEpoch = 3;
    private readonly TemporaryFolder _folder = new();

    private string LogFile => _folder.File("metrics.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writes_one_object_a_line_that_can_be_read_while_the_run_goes_on()
    {
        using MetricsLog log = MetricsLog.Open(LogFile, 0);
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
    public void A_new_log_holds_nothing_of_an_old_one()
    {
        File.WriteAllText(LogFile, "{\"kind\":\"step\",\"step\":1}\n");

        MetricsLog.Open(LogFile, 0).Dispose();

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
        using (MetricsLog undisturbed = MetricsLog.Open(LogFile, 0))
        {
            Record(undisturbed, from: 0, to: 9);
        }

        string expected = File.ReadAllText(LogFile);
        using (MetricsLog stopped = MetricsLog.Open(LogFile, 0))
        {
            Record(stopped, from: 0, to: stoppedAfter);
        }

        using (MetricsLog continued = MetricsLog.Open(LogFile, checkpoint))
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

        MetricsLog.Open(LogFile, 5).Dispose();

        Assert.Equal(Whole, File.ReadAllText(LogFile));
    }

    [Fact]
    public void Says_that_the_log_cannot_be_written()
    {
        Directory.CreateDirectory(LogFile);

        Assert.StartsWith($"Cannot write {LogFile}: ", Assert.Throws<UserException>(() => MetricsLog.Open(LogFile, 0)).Message);
    }

    private static void Record(MetricsLog log, int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            int epoch = step / StepsPerEpoch;
            var position = new TrainingPosition(epoch, (step % StepsPerEpoch) + 1, step + 1, null, -1);
            log.Step(new StepResult(position, 1.0 / (step + 1), 0.5, 0.001, 8, 0.25, new StepMemory(1, 2, 3, 4)));
            if ((step + 1) % StepsPerEpoch == 0)
            {
                var figures = new Dictionary<string, double> { ["rsum"] = 10 * (step + 1) };
                log.Evaluation(new EpochResult(epoch, step + 1, 10 * (step + 1), true, figures, 0.75));
            }
        }
    }

    private string[] ReadShared()
    {
        using var reader = new StreamReader(new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
