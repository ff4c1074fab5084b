using UniPT.Reports.Figures;
using UniPT.Reports.Summary;
using UniPT.Training.Loop;
using UniPT.Training.Runs;

namespace UniPT.Reports.Tests.Summary;

public sealed class ReportSummaryTests
{
    private static readonly MethodFigures Head = SampleReport.Head;
    private static readonly MethodFigures UniPT = SampleReport.UniPT;
    private static readonly MethodFigures Full = SampleReport.Full;

    [Fact]
    public void Every_method_is_named_for_what_it_is_best_at()
    {
        ReportSummary summary = Of(Head, UniPT, Full);
        Assert.Equal(
            "Best at quality: UniPT; at memory, time and parameters: Linear head. No method is best at everything.", summary.Headline);
        Assert.Equal(
            [
                "Highest rSum on the test split: UniPT with 203.4 ± 2.9; Linear head 189.2 ± 2.4, Full fine-tuning 92.7.",
                "Least memory of a training step: Linear head with 61.0 MiB; UniPT 2.2×, Full fine-tuning 13×.",
                "Least time per epoch: Linear head with 2.31 s; UniPT 2.6×, Full fine-tuning 28×.",
                "Fewest trained parameters: Linear head with 459,264; UniPT 7.4×, Full fine-tuning 24×.",
            ],
            summary.Verdicts.Select(verdict => verdict.Sentence));
    }

    [Fact]
    public void Figures_decide_and_not_the_method()
    {
        ReportSummary summary = Of(Head with { Figures = SampleReport.Retrieved(300, 1) }, UniPT, Full);
        Assert.Equal("Linear head is best, or level with the best, at everything measured.", summary.Headline);
        Assert.Equal(["Full fine-tuning"], Of(Head, UniPT, Full with { SecondsPerEpoch = 0.5 }).Verdicts[2].Best);
    }

    [Theory]
    [InlineData(201.0, 3.0, true)]
    [InlineData(201.0, null, false)]
    [InlineData(190.0, 3.0, false)]
    [InlineData(203.38, null, true)]
    public void Quality_ties_within_the_deviation_of_the_difference(double rSum, double? deviation, bool tie)
    {
        MethodFigures best = UniPT with { Figures = SampleReport.Retrieved(203.4, deviation) };
        MethodFigures other = Head with { Figures = SampleReport.Retrieved(rSum, deviation) };
        Assert.Equal(tie ? ["Linear head", "UniPT"] : ["UniPT"], Of(other, best).Verdicts[0].Best);
    }

    [Fact]
    public void Equal_figures_tie_at_everything()
    {
        ReportSummary summary = Of(Head, Head with { Label = "Again", SecondsPerEpoch = 2.35 });
        Assert.Equal("The figures do not tell the methods apart.", summary.Headline);
        Assert.Equal("Fewest trained parameters: Linear head and Again tie at 459,264.", summary.Verdicts[3].Sentence);
        Assert.Equal("Least time per epoch: Linear head and Again tie at 2.31 s and 2.35 s.", summary.Verdicts[2].Sentence);
    }

    [Fact]
    public void What_does_not_tell_the_methods_apart_is_called_level() => Assert.Equal(
        "Best at quality: UniPT; at memory and time: Linear head. Level at parameters. No method is best at everything.",
        Of(Head, UniPT with { TrainableParameters = Head.TrainableParameters }).Headline);

    [Fact]
    public void Unequal_conditions_and_single_seeds_are_caveats() => Assert.Equal(
        [
            "Different epochs: 15 for Linear head and UniPT, 2 for Full fine-tuning. So quality is not compared on equal terms.",
            "Different cache of hidden states: on for Linear head and UniPT, off for Full fine-tuning. So memory and time are not compared on equal terms.",
            "One seed only for Full fine-tuning: small differences in quality may be chance.",
        ],
        Of(Head, UniPT, Full).Caveats);

    [Fact]
    public void Every_condition_counts()
    {
        var other = new RunConditions(8, SampleReport.Inputs(224, 16), "bfloat16", 4, "cuda:0", "2.4.0", "another", false, DateTime.UnixEpoch, "float16");
        IReadOnlyList<string> caveats = Of(Head, UniPT with { Epochs = 3, Conditions = other }).Caveats;
        Assert.Equal(11, caveats.Count);
        Assert.Contains(
            "Different image size: 160 px for Linear head, 224 px for UniPT. So quality, memory and time are not compared on equal terms.", caveats);
    }

    [Fact]
    public void What_a_task_says_of_its_inputs_may_be_missing_for_a_method()
    {
        var none = new Dictionary<string, string>();
        IReadOnlyList<string> caveats = Of(Head, UniPT with { Conditions = UniPT.Conditions with { Inputs = none } }).Caveats;
        Assert.Contains("Different longest caption: 24 tokens for Linear head, – for UniPT. So quality, memory and time are not compared on equal terms.", caveats);
    }

    [Fact]
    public void What_is_near_chance_is_called_so()
    {
        MethodFigures failed = Head with { Figures = SampleReport.Retrieved(9, 1) };
        Assert.Contains(
            "Linear head is hardly better than chance: rSum 9.0 ± 1.0, where guessing has 8.0.",
            ReportSummary.Of([failed, UniPT], SampleReport.Figures, SampleReport.Chance).Caveats);
    }

    [Fact]
    public void Methods_without_figures_never_win()
    {
        MethodFigures failed = Full with { Figures = null, SecondsPerEpoch = double.NaN };
        ReportSummary summary = Of(failed, UniPT);
        Assert.Equal("Highest rSum on the test split: UniPT with 203.4 ± 2.9; Full fine-tuning has no figure.", summary.Verdicts[0].Sentence);
        Assert.Equal(["UniPT"], summary.Verdicts[2].Best);
        Assert.Equal(["Linear head 189.2 ± 2.4", "Full fine-tuning has no figure"], Of(failed, Head, UniPT).Verdicts[0].Others);
        Assert.Contains("Full fine-tuning has no figures on the test split.", summary.Caveats);
        Assert.Equal(
            "Highest rSum on the test split: not measured; Full fine-tuning has no figure, Full fine-tuning has no figure.",
            Of(failed, failed).Verdicts[0].Sentence);
    }

    [Fact]
    public void Costs_of_nothing_have_no_ratio()
    {
        MethodFigures nothing = Head with { TrainableParameters = 0, StepMemory = new StepMemory(0, 0, 0, 0) };
        Assert.Equal("Fewest trained parameters: Linear head with 0; UniPT 3,412,865.", Of(nothing, UniPT).Verdicts[3].Sentence);
    }

    [Fact]
    public void One_method_or_none_is_no_comparison()
    {
        Assert.Equal("Only UniPT was measured: there is nothing to compare it with.", Of(UniPT).Headline);
        Assert.Empty(Of(UniPT).Verdicts);
        Assert.Empty(Of(UniPT).Caveats);
        Assert.Equal(["No method was measured."], Of().Sentences());
    }

    private static ReportSummary Of(params MethodFigures[] methods) => ReportSummary.Of(methods, SampleReport.Figures, null);
}
