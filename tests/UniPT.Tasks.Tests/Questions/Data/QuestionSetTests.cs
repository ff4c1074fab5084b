using UniPT.Tasks.Questions.Data;
using UniPT.Testing;
using UniPT.Testing.Published;

namespace UniPT.Tasks.Tests.Questions.Data;

/// <summary>The published layouts of made questions.</summary>
public sealed class QuestionSetTests : IDisposable
{
    private const int Val = QuestionsSample.ValQuestions;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(QuestionsLayout.Vqa, "train and nominival", "minival", Val, "test")]
    [InlineData(QuestionsLayout.VqaRelease, "train2014", "val2014", Val, "test2015")]
    [InlineData(QuestionsLayout.Gqa, "train and valid", "testdev", 0, "")]
    [InlineData(QuestionsLayout.GqaRelease, "train_balanced and val_balanced", "testdev_balanced", 0, "")]
    public void TheFilesOfThePublishedExperimentsAreRead(QuestionsLayout layout, string train, string val, int test, string testFile)
    {
        QuestionSet set = Open(layout);
        Assert.Equal([train, val, testFile], set.Splits.Select(split => split.Origin));
        Assert.Equal([QuestionsSample.TrainQuestions, Val, test], set.Splits.Select(split => split.Questions.Count));
        Assert.Equal([true, true, false], set.Splits.Select(split => split.HasAnswers));
        (int number, int scene, Testing.World.Question made) = QuestionsSample.Questions(100, Val)[3];
        Question read = set.Splits[1].Questions[3];
        Assert.Equal(made.Text, read.Text);
        Assert.Equal(made.Answer, set.Answers[read.Labels!.Best!.Value]);
        Assert.Equal(layout is QuestionsLayout.Vqa or QuestionsLayout.VqaRelease ? $"{number}" : $"{number:d8}", read.Id);
        Assert.Equal(QuestionsSample.SceneOf(scene).Height > QuestionsSample.SceneOf(scene).Width, set.Pictures.IsTall(read.Picture));
        Assert.Equal(QuestionsSample.SceneOf(scene).Jpeg().Length, set.Pictures.SizeOf(read.Picture));
    }

    /// <summary>Both forms of VQAv2 say the same: ten answers, and the soft scores that were made of them.</summary>
    [Fact]
    public void TheReleaseGivesTheScoresOfTheLayout()
    {
        QuestionSet layout = Open(QuestionsLayout.Vqa);
        QuestionSet release = Open(QuestionsLayout.VqaRelease, least: 1);
        Assert.All(layout.Splits[1].Questions.Zip(release.Splits[1].Questions), pair =>
        {
            Assert.Equal(Named(layout, pair.First), Named(release, pair.Second));
            Assert.Equal(10, Assert.IsType<VqaTruth>(pair.Second.Truth).Answers.Count);
            Assert.Null(pair.First.Truth);
        });
        Assert.Contains(layout.Notices, notice => notice == "val is measured without the official accuracy over ten answers, which needs v2_mscoco_val2014_annotations.json beside the questions.");
        Assert.DoesNotContain(release.Notices, notice => notice.Contains("is measured without"));

        static string[] Named(QuestionSet set, Question question) =>
            [.. question.Labels!.Answers.Zip(question.Labels.Scores).Where(pair => pair.Second > 0).Select(pair => $"{set.Answers[pair.First]} {pair.Second}").Order()];
    }

    [Fact]
    public void GqaSaysWhatItsBreakdownNeeds()
    {
        QuestionSet set = Open(QuestionsLayout.GqaRelease);
        GqaTruth[] truths = [.. set.Splits[1].Questions.Select(question => Assert.IsType<GqaTruth>(question.Truth))];
        Assert.Contains(truths, truth => truth is { IsOpen: true, Group: "color", Entailed.Count: 1, Valid.Count: 6 });
        Assert.Contains(truths, truth => truth is { IsOpen: false, Group: null, Entailed.Count: 0, Valid.Count: 2 });
        Assert.All(set.Train.Questions, question => Assert.Null(question.Truth));
        foreach (string choices in Directory.GetFiles(_folder.File("GqaRelease", "data", "gqa"), "*_choices.json"))
        {
            File.Delete(choices);
        }

        Assert.Contains("val is measured without validity and plausibility, which need GQA's file of choices.", Open(QuestionsLayout.GqaRelease).Notices);
        Assert.Contains(Open(QuestionsLayout.Gqa).Notices, notice => notice.StartsWith("val is measured without binary, open, consistency", StringComparison.Ordinal));
    }

    /// <summary>The benchmark's own files beside those of LXMERT add what figures need.</summary>
    [Fact]
    public void OwnFilesOfTheBenchmarkAreJoined()
    {
        Open(QuestionsLayout.Vqa);
        Open(QuestionsLayout.VqaRelease);
        File.Copy(_folder.File("VqaRelease", "data", "vqa", "v2_mscoco_val2014_annotations.json"), _folder.File("Vqa", "data", "vqa", "v2_mscoco_val2014_annotations.json"));
        Assert.All(Open(QuestionsLayout.Vqa).Splits[1].Questions, question => Assert.IsType<VqaTruth>(question.Truth));

        Open(QuestionsLayout.Gqa);
        Open(QuestionsLayout.GqaRelease);
        Directory.CreateDirectory(_folder.File("Gqa", "data", "gqa", "eval"));
        File.Copy(_folder.File("GqaRelease", "data", "gqa", "testdev_balanced_questions.json"), _folder.File("Gqa", "data", "gqa", "testdev_balanced_questions.json"));
        File.Copy(_folder.File("GqaRelease", "data", "gqa", "testdev_choices.json"), _folder.File("Gqa", "data", "gqa", "eval", "testdev_choices.json"));
        Assert.All(Open(QuestionsLayout.Gqa).Splits[1].Questions, question => Assert.NotNull(Assert.IsType<GqaTruth>(question.Truth).Valid));
    }

    [Fact]
    public void ATableIsMadeOfAnswersThatAreRightOftenEnough()
    {
        QuestionSet often = Open(QuestionsLayout.GqaRelease, least: 6);
        QuestionSet all = Open(QuestionsLayout.GqaRelease, least: 1);
        Assert.True(often.Answers.Count < all.Answers.Count);
        Assert.Equal(often.Answers, all.Answers.Take(often.Answers.Count));
        Assert.Contains($"data has no trainval_ans2label.json; the table of answers is made of the {often.Answers.Count} that are right at least 6 times in train and val.", often.Notices);
        int[] known = [.. often.Splits.Select(split => split.Questions.Count(question => question.Labels is { Answers.Length: > 0 }))];
        Assert.Contains(
            $"Of {QuestionsSample.TrainQuestions - known[0]} of {QuestionsSample.TrainQuestions} questions of train no answer is in the table; they teach that nothing is right (data.only_known_answers).", often.Notices);
        QuestionSet kept = Open(QuestionsLayout.GqaRelease, least: 6, only: true);
        Assert.Equal(known, kept.Splits.Select(split => split.Questions.Count));
        Assert.NotEqual(often.Fingerprint, kept.Fingerprint);
    }

    [Fact]
    public void OptionsNameOtherFilesAndOtherPictures()
    {
        Open(QuestionsLayout.Vqa);
        string data = _folder.File("Vqa", "data");
        Directory.Move(Path.Combine(data, "mscoco"), _folder.File("elsewhere"));
        QuestionSet set = QuestionSet.Open(new QuestionDataOptions { Path = Path.Combine(data, "vqa"), Images = _folder.File("elsewhere"), Train = ["train"], Val = ["nominival"], Test = ["minival.json"] });
        Assert.Equal(["train", "nominival", "minival.json"], set.Splits.Select(split => split.Origin));
        Assert.True(set.Splits[2].HasAnswers);
    }

    [Fact]
    public void AFolderOfPartsIsAFile()
    {
        Open(QuestionsLayout.GqaRelease);
        string gqa = _folder.File("GqaRelease", "data", "gqa");
        Directory.CreateDirectory(Path.Combine(gqa, "train_balanced_questions"));
        File.Move(Path.Combine(gqa, "train_balanced_questions.json"), Path.Combine(gqa, "train_balanced_questions", "train_balanced_questions_0.json"));
        File.Copy(Path.Combine(gqa, "val_balanced_questions.json"), Path.Combine(gqa, "train_balanced_questions", "train_balanced_questions_1.json"));
        Assert.Equal(QuestionsSample.TrainQuestions + Val, Open(QuestionsLayout.GqaRelease).Train.Questions.Count);
    }

    [Fact]
    public void TheFingerprintIsThatOfTheContents()
    {
        string before = Open(QuestionsLayout.Gqa).Fingerprint;
        Directory.Move(_folder.File("Gqa"), _folder.File("moved"));
        Assert.Equal(before, QuestionSet.Open(new QuestionDataOptions { Path = _folder.File("moved", "data"), Benchmark = QuestionBenchmark.Gqa }).Fingerprint);
        string file = _folder.File("moved", "data", "gqa", "testdev.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("How many", "How few"));
        Assert.NotEqual(before, QuestionSet.Open(new QuestionDataOptions { Path = _folder.File("moved", "data"), Benchmark = QuestionBenchmark.Gqa }).Fingerprint);
    }

    [Theory]
    [InlineData(QuestionsLayout.Vqa, "data.benchmark vqa:")]
    [InlineData(QuestionsLayout.VqaRelease, "  val asks for ")]
    [InlineData(QuestionsLayout.Gqa, "data.benchmark gqa:")]
    [InlineData(QuestionsLayout.GqaRelease, "  val asks for query ")]
    public void InspectSaysWhatADataSetIs(QuestionsLayout layout, string expected)
    {
        Open(layout, least: 1);
        string data = _folder.File($"{layout}", "data");
        IReadOnlyList<string> lines = QuestionDescription.Of(data, skipBad: false)!;
        Assert.Contains(lines, line => line.Contains(expected));
        Assert.Contains(lines, line => line.StartsWith($"  train         {QuestionsSample.TrainQuestions} questions about", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("most often right in train: "));
        Assert.Contains(lines, line => line.StartsWith("  for example ", StringComparison.Ordinal) && line.Contains(".jpg: "));
        Assert.Equal(lines.Count, QuestionDescription.Of(Directory.GetDirectories(data, "?qa").Single(), skipBad: false)!.Count);
        Assert.Null(QuestionDescription.Of(_folder.FullName, skipBad: false));
    }

    private QuestionSet Open(QuestionsLayout layout, int least = 2, bool only = false)
    {
        string folder = _folder.File($"{layout}");
        if (!Directory.Exists(folder))
        {
            QuestionsSample.WriteData(Path.Combine(folder, "data"), layout);
        }

        return QuestionSet.Open(new QuestionDataOptions
        {
            Path = Path.Combine(folder, "data"),
            Benchmark = layout is QuestionsLayout.Vqa or QuestionsLayout.VqaRelease ? QuestionBenchmark.Vqa : QuestionBenchmark.Gqa,
            LeastOccurrences = least,
            OnlyKnownAnswers = only,
        });
    }
}
