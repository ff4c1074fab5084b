using UniPT.Tasks.Questions.Data;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Testing;
using UniPT.Testing.Published;

namespace UniPT.Tasks.Tests.Questions.Data;

/// <summary>Broken data sets, each refused with file and line, or read without what is broken.</summary>
public sealed class QuestionProblemsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFolderThatIsNotThere() => Refused(Assert.Throws<UserException>(() => Open()), "data does not exist; a folder with questions and pictures was expected.");

    [Fact]
    public void AFileInPlaceOfAFolder()
    {
        Directory.CreateDirectory(_folder.File("sample"));
        File.WriteAllText(_folder.File("sample", "data"), "[]");
        Refused(Assert.Throws<UserException>(() => Open()), "data is a file; a folder with questions and pictures was expected.");
    }

    [Fact]
    public void AFolderWithoutQuestions()
    {
        Directory.CreateDirectory(_folder.File("sample", "data"));
        Refused(
            Assert.Throws<UserException>(() => Open()),
            "has no questions of VQA; expected vqa/train.json as LXMERT reads it, or v2_OpenEnded_mscoco_train2014_questions.json of VQAv2 in it.");
    }

    [Fact]
    public void NoPictures()
    {
        Write(QuestionsLayout.Vqa);
        Directory.Delete(_folder.File("sample", "data", "mscoco"), recursive: true);
        Refused(Assert.Throws<UserException>(() => Open()), "No folder of pictures was found beside the questions in ", "data.images says where they are.");
    }

    [Fact]
    public void AFileThatIsMissing()
    {
        Write(QuestionsLayout.Vqa);
        File.Delete(Vqa("nominival"));
        File.Delete(Vqa("minival"));
        Refused(Assert.Throws<DataSetException>(() => Open()), "has 2 problems:", "nominival: is not among the question files in ", "data.train names those to read", "minival: is not among", "data.val names");
    }

    [Fact]
    public void AnnotationsThatAreMissing()
    {
        Write(QuestionsLayout.VqaRelease);
        File.Delete(_folder.File("sample", "data", "vqa", "v2_mscoco_val2014_annotations.json"));
        Refused(Assert.Throws<DataSetException>(() => Open(skipBad: true)), "v2_mscoco_val2014_annotations.json: is not beside v2_OpenEnded_mscoco_val2014_questions.json, whose answers it has");
        Refused(Assert.Throws<DataSetException>(() => Open()), "v2_OpenEnded_mscoco_val2014_questions.json:1 (entry 1): the question 10000 has no annotation", "… and 13 more: a question without its answers");
    }

    /// <summary>Split by split, problems of rows stand together with their lines; a few of a kind, the rest counted.</summary>
    [Theory]
    [InlineData("{\"img_id\": \"COCO_val2014_000000000100\", \"label\": {}, \"question_id\": 1, \"sent\": \" \"}", "has no sent")]
    [InlineData("{\"label\": {}, \"question_id\": 1, \"sent\": \"What?\"}", "the question 1 has no picture (img_id)")]
    [InlineData("{\"img_id\": \"COCO_val2014_000000000999\", \"label\": {}, \"question_id\": 1, \"sent\": \"What?\"}", "the picture COCO_val2014_000000000999 of the question 1 is not in ")]
    [InlineData("{\"img_id\": \"COCO_val2014_000000000100\", \"question_id\": 1, \"sent\": \"What?\"}", "has no label, as in {\"label\": {\"yes\": 1}}")]
    [InlineData("{\"img_id\": \"COCO_val2014_000000000100\", \"label\": {\"yes\": 2}, \"question_id\": 1, \"sent\": \"What?\"}", "gives its answer \"yes\" the score 2; expected a number from 0 to 1")]
    [InlineData("{\"img_id\": \"COCO_val2014_000000000100\", \"label\": {\"unheard\": 1}, \"question_id\": 1, \"sent\": \"What?\"}", "its answer is \"unheard\", which the table of answers (trainval_ans2label.json) does not have")]
    [InlineData("7", "is not a question but Number")]
    public void ARowThatIsWrong(string row, string problem)
    {
        Write(QuestionsLayout.Vqa);
        File.WriteAllText(Vqa("minival"), File.ReadAllText(Vqa("minival")).Replace("[{", $"[\n{row},\n{{"));
        Refused(Assert.Throws<DataSetException>(() => Open()), "has 1 problem:", $"minival.json:2 (entry 1): {problem}", "leave such questions out with data.skip_bad: true (--skip-bad).");
        QuestionSet set = Open(skipBad: true);
        Assert.Equal(QuestionsSample.ValQuestions, set.Splits[1].Questions.Count);
        Assert.Contains(set.Notices, notice => notice.StartsWith($"1 row of data cannot be used and is left out; the first is minival.json:2 (entry 1): {problem}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(QuestionsLayout.Vqa, "vqa/train.json")]
    [InlineData(QuestionsLayout.Gqa, "gqa/train.json")]
    [InlineData(QuestionsLayout.VqaRelease, "vqa/v2_mscoco_train2014_annotations.json")]
    [InlineData(QuestionsLayout.GqaRelease, "gqa/train_balanced_questions.json")]
    [InlineData(QuestionsLayout.GqaRelease, "gqa/testdev_choices.json")]
    [InlineData(QuestionsLayout.Vqa, "vqa/trainval_ans2label.json")]
    public void JsonThatIsBrokenAtALine(QuestionsLayout layout, string file)
    {
        Write(layout);
        string path = _folder.File("sample", "data", file);
        File.WriteAllText(path, File.ReadAllText(path).Replace(",", ",\n")[..^40]);
        int lines = File.ReadAllLines(path).Length;
        Refused(Assert.Throws<DataSetException>(() => Open(layout)), $"{Path.GetFileName(file)}:{lines}: is not valid JSON (byte ");
    }

    [Fact]
    public void AGqaQuestionWithoutAnswer()
    {
        Write(QuestionsLayout.GqaRelease);
        string path = _folder.File("sample", "data", "gqa", "testdev_balanced_questions.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"answer\":", "\"reply\":"));
        Refused(Assert.Throws<DataSetException>(() => Open(QuestionsLayout.GqaRelease)), "has 16 problems:", "testdev_balanced_questions.json:1 (entry 1): the question 00010000 has no answer");
    }

    [Fact]
    public void TablesThatDoNotFitEachOther()
    {
        Write(QuestionsLayout.Vqa);
        string list = _folder.File("sample", "data", "vqa", AnswerTable.Answers);
        string map = _folder.File("sample", "data", "vqa", AnswerTable.Places);
        string before = File.ReadAllText(list);
        File.WriteAllText(list, before.Replace("\"no\"", "\"-\"").Replace("\"yes\"", "\"no\"").Replace("\"-\"", "\"yes\""));
        Refused(Assert.Throws<DataSetException>(() => Open()), "has 2 problems:", "has at ", " the answer \"yes\", which trainval_ans2label.json puts at ");
        File.WriteAllText(list, before.Replace(",\"yes\"", ""));
        Refused(Assert.Throws<DataSetException>(() => Open()), "answers and trainval_ans2label.json has");
        File.WriteAllText(list, before.Replace("\"yes\"", "\"no\""));
        Refused(Assert.Throws<DataSetException>(() => Open()), "has the answer \"no\" for the second time");
        File.Delete(list);
        File.WriteAllText(map, "{\"yes\": 0, \"no\": 0}");
        Refused(Assert.Throws<DataSetException>(() => Open()), "trainval_ans2label.json: puts no answer, or two, at 1; expected 0 to 1, each once");
        File.WriteAllText(map, "[\"yes\"]");
        Refused(Assert.Throws<DataSetException>(() => Open()), "does not say where an answer stands, as in {\"yes\": 0}");
    }

    [Fact]
    public void SplitsThatOverlapAreSaid()
    {
        Write(QuestionsLayout.Vqa);
        File.Copy(Vqa("nominival"), Vqa("minival"), overwrite: true);
        Assert.Contains($"{QuestionsSample.ValQuestions} examples of data are in another split too; figures of questions that were trained on are too high.", Open().Notices);
    }

    [Fact]
    public void APictureThatIsNone()
    {
        Write(QuestionsLayout.Vqa);
        string folder = _folder.File("sample", "data", "mscoco", "val2014");
        File.WriteAllText(Path.Combine(folder, "COCO_val2014_000000000100.jpg"), "<html>not found</html>");
        byte[] cut = File.ReadAllBytes(Path.Combine(folder, "COCO_val2014_000000000101.jpg"));
        File.WriteAllBytes(Path.Combine(folder, "COCO_val2014_000000000101.jpg"), cut[..60]);
        Refused(
            Assert.Throws<DataSetException>(() => Open()), "has 2 problems:", "val2014/COCO_val2014_000000000100.jpg: is not a picture; expected",
            "val2014/COCO_val2014_000000000101.jpg: has a header that cannot be read: its data is damaged or cut off.");
        QuestionSet set = Open(skipBad: true);
        Assert.True(set.Splits[1].Questions.Count < QuestionsSample.ValQuestions);
        Assert.Contains(set.Notices, notice => notice.StartsWith("2 rows of data cannot be used and are left out; the first is val2014/COCO_val2014_000000000100.jpg: is not a picture", StringComparison.Ordinal));
    }

    /// <summary>Whoever has no pictures of the test split trains all the same.</summary>
    [Fact]
    public void ATestSplitWithoutPicturesIsLeftOutUnlessItIsAskedFor()
    {
        Write(QuestionsLayout.Vqa);
        Directory.Delete(_folder.File("sample", "data", "mscoco", "test2015"), recursive: true);
        QuestionSet set = Open();
        Assert.Empty(set.Splits[2].Questions);
        Assert.Contains(set.Notices, notice => notice.StartsWith("The questions of test are not read, because their pictures are not in ", StringComparison.Ordinal));
        Refused(Assert.Throws<DataSetException>(() => QuestionSet.Open(new QuestionDataOptions { Path = _folder.File("sample", "data"), Test = ["test"] })), "has 16 problems:", "test.json:1 (entry 1): the picture COCO_test2015_");
    }

    [Fact]
    public void NoAnswerThatIsRightOftenEnough()
    {
        Write(QuestionsLayout.GqaRelease);
        var options = new QuestionDataOptions { Path = _folder.File("sample", "data"), Benchmark = QuestionBenchmark.Gqa, LeastOccurrences = 1000 };
        Refused(Assert.Throws<DataSetException>(() => QuestionSet.Open(options)), "train: no answer is the right one of 1000 questions (data.least_occurrences), so that the table of answers would be empty");
    }

    private static void Refused(UserException error, params string[] sentences) => Assert.All(sentences, sentence => Assert.Contains(sentence, error.Message));

    private void Write(QuestionsLayout layout) => QuestionsSample.WriteData(_folder.File("sample", "data"), layout);

    private string Vqa(string name) => _folder.File("sample", "data", "vqa", $"{name}.json");

    private QuestionSet Open(QuestionsLayout layout = QuestionsLayout.Vqa, bool skipBad = false) => QuestionSet.Open(new QuestionDataOptions
    {
        Path = _folder.File("sample", "data"),
        Benchmark = layout is QuestionsLayout.Vqa or QuestionsLayout.VqaRelease ? QuestionBenchmark.Vqa : QuestionBenchmark.Gqa,
        LeastOccurrences = 2,
        SkipBad = skipBad,
    });
}
