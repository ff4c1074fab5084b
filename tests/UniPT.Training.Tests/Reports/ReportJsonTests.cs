using System.Text.Json;
using UniPT.Testing;
using UniPT.Training.Reports;
using UniPT.Training.Reports.Figures;

namespace UniPT.Training.Tests.Reports;

public sealed class ReportJsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_report_is_read_as_it_was_written()
    {
        string path = _folder.File("report.json");
        ComparisonReport report = SampleReport.Create();
        ReportJson.Write(path, report);
        ComparisonReport read = ReportJson.Read<ComparisonReport>(path);

        Assert.Equal(ReportJson.Serialize(report), ReportJson.Serialize(read));
        Assert.Equal(report.Methods[1].Recalls, read.Methods[1].Recalls);
        Assert.Equal(report.Methods[2].StepMemory, read.Methods[2].StepMemory);
        Assert.Equal(report.Searches[0].Hits[0].Picture.Bytes.ToArray(), read.Searches[0].Hits[0].Picture.Bytes.ToArray());
    }

    [Fact]
    public void Names_are_in_snake_case_and_numbers_plain()
    {
        using JsonDocument json = JsonDocument.Parse(ReportJson.Serialize(SampleReport.Create()));
        JsonElement unipt = json.RootElement.GetProperty("methods")[1];
        Assert.Equal(3_412_865, unipt.GetProperty("trainable_parameters").GetInt64());
        Assert.Equal(37 << 20, unipt.GetProperty("step_memory").GetProperty("activations").GetInt64());
        Assert.Equal("1.13.1", unipt.GetProperty("conditions").GetProperty("libtorch").GetString());
        JsonElement recalls = unipt.GetProperty("recalls");
        Assert.Equal(203.4, recalls.GetProperty("r_sum").GetProperty("mean").GetDouble());
        Assert.Equal(JsonValueKind.Number, recalls.GetProperty("image_to_text").GetProperty("recall_at1").GetProperty("deviation").ValueKind);
        Assert.Contains("UniPT", json.RootElement.GetProperty("summary").GetProperty("headline").GetString());
    }

    [Fact]
    public void Numbers_that_are_not_finite_become_null_and_return_as_NaN()
    {
        string path = _folder.File("curve.json");
        ReportJson.Write(path, new Curve("a", [1, double.NaN, double.PositiveInfinity], []));
        Assert.DoesNotContain("NaN", File.ReadAllText(path));
        Assert.Equal([1, double.NaN, double.NaN], ReportJson.Read<Curve>(path).Loss);
        ReportJson.Write(path, new Statistic(2));
        Assert.Null(ReportJson.Read<Statistic>(path).Deviation);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1, 2]")]
    [InlineData("""{"label": "a"}""")]
    [InlineData("""{"label": null, "loss": [], "r_sum": []}""")]
    public void Other_files_are_refused_by_name(string text)
    {
        string path = _folder.File("other.json");
        File.WriteAllText(path, text);
        UserException error = Assert.Throws<UserException>(() => ReportJson.Read<Curve>(path));
        Assert.StartsWith($"{path} does not hold the figures of a report", error.Message);
    }

    public void Dispose() => _folder.Dispose();
}
