using UniPT.Reports.Figures;
using UniPT.Testing;
using UniPT.Training.Loop;
using UniPT.Training.Runs;

namespace UniPT.Reports.Tests.Figures;

public sealed class CurveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string LogFile => _folder.File("metrics.jsonl");

    [Fact]
    public void A_curve_is_read_from_the_metrics_that_a_run_writes()
    {
        using (MetricsLog log = MetricsLog.Open(LogFile, _folder.File("events"), TrainingPosition.Start))
        {
            foreach (int step in new[] { 1, 2 })
            {
                log.Step(new StepResult(new TrainingPosition(0, step, step, null, -1), 3.5 / step, 0, 0, 8, 1, new StepMemory(1, 1, 1, 1)));
            }

            log.Evaluation(new EpochResult(0, 2, 12, true, new Dictionary<string, double> { ["i2t_r1"] = 2, ["rsum"] = 12 }, 1));
        }

        Curve curve = Curve.Read("UniPT", LogFile, SampleReport.Primary);
        Assert.Equal("UniPT", curve.Label);
        Assert.Equal([3.5, 1.75], curve.Loss);
        Assert.Equal([12], curve.Validation);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"kind\":\"step\"}")]
    [InlineData("{\"kind\":1}")]
    [InlineData("{\"kind\":\"evaluation\",\"rsum\":\"12\"}")]
    public void Other_lines_are_refused_by_place(string line)
    {
        File.WriteAllText(LogFile, "{\"kind\":\"step\",\"loss\":1}\n" + line + "\n");
        UserException error = Assert.Throws<UserException>(() => Curve.Read("UniPT", LogFile, SampleReport.Primary));
        Assert.StartsWith($"{LogFile}, line 2: ", error.Message);
    }

    public void Dispose() => _folder.Dispose();
}
