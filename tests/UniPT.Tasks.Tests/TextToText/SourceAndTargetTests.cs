using UniPT.Tasks.Texts;
using UniPT.Tasks.Texts.Data;
using UniPT.Tasks.TextToText;

namespace UniPT.Tasks.Tests.TextToText;

/// <summary>What is read and written, as the public code of LST and SHERL has it.</summary>
public sealed class SourceAndTargetTests
{
    [Theory]
    [InlineData(GlueTask.Cola, "cola sentence: A b.")]
    [InlineData(GlueTask.Sst2, "sst2 sentence: A b.")]
    [InlineData(GlueTask.Mrpc, "mrpc sentence1: A b. sentence2: C {text}?")]
    [InlineData(GlueTask.Stsb, "stsb sentence1: A b. sentence2: C {text}?")]
    [InlineData(GlueTask.Qqp, "qqp question1: A b. question2: C {text}?")]
    [InlineData(GlueTask.Mnli, "mnli premise: A b. hypothesis: C {text}?")]
    [InlineData(GlueTask.Qnli, "qnli question: A b. sentence: C {text}?")]
    [InlineData(GlueTask.Rte, "rte sentence1: A b. sentence2: C {text}?")]
    public void SourcesOfGlue(GlueTask task, string expected)
    {
        var data = new TextDataOptions { Path = "", Glue = task };
        Assert.Equal(expected, SourceForm.Of(new(), data).Write("A b.", data.HasPairs ? "C {text}?" : null));
        Assert.Equal(expected[(expected.IndexOf(' ') + 1)..], SourceForm.Of(new() { Prefix = false }, data).Write("A b.", data.HasPairs ? "C {text}?" : null));
    }

    [Fact]
    public void TheColonOfMnliMayBeMissing() => Assert.Equal(
        "mnli premise: a hypothesis b", SourceForm.Of(new() { MissingColon = true }, new() { Path = "", Glue = GlueTask.Mnli }).Write("a", "b"));

    [Theory]
    [InlineData(null, null, "a")]
    [InlineData(null, "y", "a b")]
    [InlineData("say: {text}", null, "say: a")]
    [InlineData("{second_text} or {text}?", "y", "b or a?")]
    public void SourcesOfOnesOwn(string? form, string? second, string expected) =>
        Assert.Equal(expected, SourceForm.Of(new() { Source = form }, new() { Path = "", SecondText = second }).Write("a", second is null ? null : "b"));

    /// <summary>The published code rounds to one decimal where it means multiples of 0.2; a tie goes to the even one, as in Python.</summary>
    [Theory]
    [InlineData(3.8, "3.8", "3.8")]
    [InlineData(3.267, "3.2", "3.3")]
    [InlineData(5, "5.0", "5.0")]
    [InlineData(0, "0.0", "0.0")]
    [InlineData(2.25, "2.2", "2.2")]
    [InlineData(0.75, "0.8", "0.8")]
    [InlineData(1.55, "1.6", "1.5")] // in float32 less than a tie
    [InlineData(1.5, "1.6", "1.5")]
    public void ScoresAreRounded(double score, string meant, string published)
    {
        Assert.Equal(meant, new TargetForm(TextTarget.Regression, true, 5).Write(score, ""));
        Assert.Equal(published, new TargetForm(TextTarget.Regression, true, 10).Write(score, ""));
    }

    [Fact]
    public void LabelsAreIndicesOrTheirNames()
    {
        Assert.Equal(["0", "1", "2"], new TargetForm(TextTarget.Classification, true, 5).Write(["entailment", "neutral", "contradiction"]));
        Assert.Equal(["bad", "good"], new TargetForm(TextTarget.Classification, false, 5).Write(["bad", " good"]));
        Assert.Equal("whatever", new TargetForm(TextTarget.Text, false, 5).Write(7, "whatever "));
    }

    [Theory]
    [InlineData("3.8", 3.8)]
    [InlineData("-1e0", -1.0)]
    [InlineData("3,8", null)]
    [InlineData("", null)]
    [InlineData("inf", null)]
    public void NumbersAreRead(string written, double? expected) => Assert.Equal(expected, TargetForm.Number(written));
}
