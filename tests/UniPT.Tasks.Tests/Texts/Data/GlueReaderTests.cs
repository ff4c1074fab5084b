using System.Text;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Tests.Shared.DataSets;
using UniPT.Tasks.Texts;
using UniPT.Tasks.Texts.Data;

namespace UniPT.Tasks.Tests.Texts.Data;

/// <summary>The published layouts with sentences of our own.</summary>
public class GlueReaderTests
{
    private const string ColaTrain = "gj04\t1\t\tThe boat sank.\nbc01\t0\t*\tBoat the \"sank.\n";
    private const string MnliHeader = "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse\tsentence2_parse\tsentence1\tsentence2\tlabel1\tgold_label\n";

    public static TheoryData<GlueTask, string, string, string, string?, double, string[], string> Layouts => new()
    {
        { GlueTask.Cola, "", "gj04\t1\t\tA b.\n", "A b.", null, 1, ["unacceptable", "acceptable"], "index\tsentence\n7\tUnlabelled.\n" },
        { GlueTask.Sst2, "sentence\tlabel\n", "a \"warm film\t0\n", "a \"warm film", null, 0, ["negative", "positive"], "index\tsentence\n7\tUnlabelled.\n" },
        { GlueTask.Mrpc, "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n", "1\t12\t13\tHe left .\tHe went .\n", "He left .", "He went .", 1, ["not_equivalent", "equivalent"], "index\t#1 ID\t#2 ID\t#1 String\t#2 String\n7\t1\t2\tUnlabelled.\tTwo.\n" },
        { GlueTask.Stsb, "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore\n", "0\tmain\tf\t2012\t1\tnone\tnone\tA plane.\tA jet.\t3.800\n", "A plane.", "A jet.", 3.8, [], "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\n7\tm\tf\t1\t1\tn\tn\tUnlabelled.\tTwo.\n" },
        { GlueTask.Qqp, "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n", "5\t1\t2\tWhy?\tHow?\t0\n", "Why?", "How?", 0, ["not_duplicate", "duplicate"], "id\tquestion1\tquestion2\n7\tUnlabelled.\tTwo.\n" },
        { GlueTask.Qnli, "index\tquestion\tsentence\tlabel\n", "0\tWho?\tAnn.\tnot_entailment\n", "Who?", "Ann.", 1, ["entailment", "not_entailment"], "index\tquestion\tsentence\n7\tUnlabelled.\tTwo.\n" },
        { GlueTask.Rte, "index\tsentence1\tsentence2\tlabel\n", "0\tAnn owns a boat.\tAnn owns a vehicle.\tentailment\n", "Ann owns a boat.", "Ann owns a vehicle.", 0, ["entailment", "not_entailment"], "index\tsentence1\tsentence2\n7\tUnlabelled.\tTwo.\n" },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void PublishedColumnsAreRead(GlueTask task, string header, string row, string text, string? second, double target, string[] labels, string test)
    {
        using var set = TemporaryDataSet.Of(("train.tsv", header + row + row.Replace("3.800", "1.2")), ("dev.tsv", header + row), ("test.tsv", test));
        TextDataSet data = Open(set, task);
        Assert.Equal([new(text, second, target), new(text, second, task == GlueTask.Stsb ? 1.2 : target)], data.Train.Examples);
        Assert.Equal(new TextExample(text, second, target), Assert.Single(data.Val.Examples));
        Assert.Equal(new TextExample("Unlabelled.", second is null ? null : "Two.", double.NaN), Assert.Single(data.Test.Examples));
        Assert.Equal((true, false, "7"), (data.Val.HasAnswers, data.Test.HasAnswers, Assert.Single(data.Test.Indices)));
        Assert.Equal(labels, data.Labels);
        Assert.Equal(task == GlueTask.Stsb ? TextTarget.Regression : TextTarget.Classification, data.Target);
        Assert.Contains(data.Notices, notice => notice.Contains("published without labels; figures are those of dev.tsv, by which the best epoch is chosen"));
    }

    [Fact]
    public void MnliHasTwoDevFiles()
    {
        static string Row(string label) => $"1\t2\t3n\tfiction\t( a )\t( b )\t(ROOT a)\t(ROOT b)\tHe ate.\tHe slept.\t{label}\t{label}\n";
        const string DevHeader = "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse\tsentence2_parse\tsentence1\tsentence2\tlabel1\tlabel2\tlabel3\tlabel4\tlabel5\tgold_label\n";
        string dev = DevHeader + "1\t2\t3n\tfiction\t( a )\t( b )\t(ROOT a)\t(ROOT b)\tShe ran.\tShe moved.\tneutral\tneutral\tneutral\tneutral\tneutral\tentailment\n";
        using var set = TemporaryDataSet.Of(
            ("train.tsv", MnliHeader + Row("contradiction") + Row("neutral") + Row("-") + Row("entailment")),
            ("dev_matched.tsv", dev), ("dev_mismatched.tsv", dev.Replace("She", "It")));
        TextDataSet data = Open(set, GlueTask.Mnli);
        Assert.Equal(["entailment", "neutral", "contradiction"], data.Labels);
        Assert.Equal([2, 1, 0], data.Train.Examples.Select(example => example.Target));
        Assert.Equal(new TextExample("It ran.", "It moved.", 0), Assert.Single(data.Val.Examples));
        Assert.Equal(new TextExample("She ran.", "She moved.", 0), Assert.Single(data.Test.Examples));
        Assert.Equal("dev_matched.tsv", data.Test.Origin);
        Assert.Equal(["1 row of train.tsv without a text or a label is left out; the first is train.tsv:4."], data.Notices);
    }

    /// <summary>A quotation mark opens nothing, and a row without its fields is left out as Hugging Face's reader does.</summary>
    [Fact]
    public void RowsWithMissingFieldsAreDroppedAndCounted()
    {
        using var set = TemporaryDataSet.Of(
            ("train.tsv", "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n1\t1\t2\t\"Why\tHow\t1\n2\t1\t2\thalf a question\n\nthe rest\tHow\t0\n3\t3\t4\t\tempty\t0\n4\t1\t1\ta\tb\t\n5\t1\t1\tc\td\t1\tmore\n"),
            ("dev.tsv", "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n1\t1\t2\tx\ty\t0"));
        TextDataSet data = Open(set, GlueTask.Qqp);
        Assert.Equal([new("\"Why", "How", 1), new("", "empty", 0), new("c", "d", 1)], data.Train.Examples);
        Assert.Equal(
            [
                "3 rows of train.tsv without a text or a label are left out; the first is train.tsv:3.",
                "1 row of train.tsv with more than 6 fields is used, but what is behind these is not; the first is train.tsv:8.",
            ],
            data.Notices.Take(2));
    }

    [Fact]
    public void LineEndsAndByteOrderMarksDoNotMatter()
    {
        const string dev = "gj04\t1\t\tThe boat floats.\n";
        string? expected = null;
        foreach (Encoding encoding in (Encoding[])[new UTF8Encoding(false), Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            foreach (string end in (string[])["\n", "\r\n", "\r"])
            {
                using var set = TemporaryDataSet.Of();
                set.Write("CoLA/train.tsv", [.. encoding.Preamble, .. encoding.GetBytes(ColaTrain.Replace("\n", end))]);
                set.Write("CoLA/dev.tsv", [.. encoding.Preamble, .. encoding.GetBytes(dev.Replace("\n", end))]);
                string found = Open(set, GlueTask.Cola).Fingerprint;
                Assert.Equal(expected ??= found, found);
            }
        }
    }

    [Fact]
    public void TheTaskIsFoundInTheFolderOfAllAndInItsArchive()
    {
        using var set = TemporaryDataSet.Of(
            ("CoLA/train.tsv", ColaTrain), ("CoLA/dev.tsv", ColaTrain), ("CoLA/original/raw/train.tsv", "other"), ("SST-2/train.tsv", "x"), ("SST-2/dev.tsv", "y"));
        TextDataSet folder = Open(set, GlueTask.Cola);
        Assert.Equal("CoLA/train.tsv", folder.Train.Origin);
        set.Pack(System.IO.Compression.CompressionLevel.Optimal, "glue/");
        Assert.Equal(folder.Fingerprint, TextDataSet.Open(new() { Path = set.Zip, Glue = GlueTask.Cola }, TextTarget.Classification, 0).Fingerprint);
    }

    [Theory]
    [InlineData(GlueTask.Sst2, "text\tlabel\nfine\t1\n", "train.tsv:1: has no column sentence, which SST-2 has, separated by tabs; its columns are text, label")]
    [InlineData(GlueTask.Rte, "index,sentence1,sentence2,label\n0,a,b,entailment\n", "train.tsv:1: has no column sentence1 and sentence2 and label, which RTE has, separated by tabs; its columns are index,sentence1,sentence2,label")]
    [InlineData(GlueTask.Sst2, "sentence\tlabel\nfine\tgood\n", "train.tsv:2: label is \"good\"; expected one of 0, 1")]
    [InlineData(GlueTask.Stsb, "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore\n0\tm\tf\t1\t1\tn\tn\ta\tb\tnan\n", "train.tsv:2: score is \"nan\"; expected a finite number")]
    [InlineData(GlueTask.Cola, "only\ttwo\n", "train: there is no example to train on; the splits found are val from dev.tsv")]
    [InlineData(GlueTask.Mnli, MnliHeader, "dev_matched.tsv: does not exist; the published files of MNLI are train.tsv, dev_mismatched.tsv, dev_matched.tsv")]
    public void WhatIsWrongIsNamed(GlueTask task, string train, string problem)
    {
        using var set = TemporaryDataSet.Of(("train.tsv", train), ("dev.tsv", task == GlueTask.Cola ? ColaTrain : train), ("dev_mismatched.tsv", train));
        Assert.Contains($"\n  {problem}", Assert.Throws<DataSetException>(() => Open(set, task)).Message);
    }

    /// <summary>What is handed to GLUE's server is predicted from the file alone, of MNLI's two from either.</summary>
    [Fact]
    public void AFileAloneIsATestSplit()
    {
        using var set = TemporaryDataSet.Of(("test_mismatched.tsv", "index\tsentence1\tsentence2\n3\ta\tb\n9\tc\td\n"), ("dev.tsv", "index\tsentence1\tsentence2\tlabel\n3\ta\tb\tentailment\n"));
        TextDataSet data = TextDataSet.Open(new() { Path = Path.Combine(set.Root, "test_mismatched.tsv"), Glue = GlueTask.Mnli, Splits = GlueSplits.Published }, TextTarget.Classification, 0);
        Assert.Equal((0, 0, 2), (data.Train.Examples.Count, data.Val.Examples.Count, data.Test.Examples.Count));
        Assert.Equal(["3", "9"], data.Test.Indices);
        Assert.Empty(data.Notices);
        TextDataSet labelled = TextDataSet.Open(new() { Path = Path.Combine(set.Root, "dev.tsv"), Glue = GlueTask.Rte }, TextTarget.Classification, 0);
        Assert.True(labelled.Test.HasAnswers);
    }

    /// <summary>Recorded from PyTorch 1.13: <c>torch.randperm(n, generator=torch.Generator().manual_seed(42))</c>.</summary>
    [Fact]
    public void PermutationsArePyTorchs()
    {
        Assert.Equal([2, 6, 1, 8, 4, 5, 0, 9, 3, 7], PublishedGlueSplits.Permutation(10));
        int[] rte = PublishedGlueSplits.Permutation(277);
        Assert.Equal([207, 84, 253, 243, 190, 28, 165, 111, 87, 170], rte[..10]);
        Assert.Equal([63, 239, 1, 119, 38], rte[^5..]);
        int[] sst2 = PublishedGlueSplits.Permutation(67_349);
        Assert.Equal([6677, 49712, 38268, 32909, 23395, 66940, 62886, 11359, 52008, 24222], sst2[..10]);
        Assert.Equal(1_128_537_019_941, sst2.Select((place, i) => (long)i * (place % 1000)).Sum());
        Assert.Equal(Enumerable.Range(0, 67_349), sst2.Order());
        Assert.Equal([74376, 255378, 229510, 126322, 295150, 318617], PublishedGlueSplits.Permutation(363_846)[..6]);
    }

    [Fact]
    public void HalfOfDevIsValAndHalfTest()
    {
        using var set = TemporaryDataSet.Of(("RTE/train.tsv", Rte(3)), ("RTE/dev.tsv", Rte(10)), ("RTE/test.tsv", "index\tsentence1\tsentence2\n0\tx\ty\n"));
        TextDataSet data = Cut(set, GlueTask.Rte);
        Assert.Equal(["first 1", "first 2", "first 4", "first 6", "first 8"], data.Val.Examples.Select(example => example.Text));
        Assert.Equal(["first 0", "first 3", "first 5", "first 7", "first 9"], data.Test.Examples.Select(example => example.Text));
        Assert.True(data.Test.HasAnswers);
        Assert.Equal(("one half of RTE/dev.tsv", "the other half"), (data.Val.Origin, data.Test.Origin));
        Assert.Equal(["3 examples of set are in another split too; figures of texts that were trained on are too high."], data.Notices);

        static string Rte(int rows) => $"index\tsentence1\tsentence2\tlabel\n{string.Concat(Enumerable.Range(0, rows).Select(i => $"{i}\tfirst {i}\tsecond\t{(i % 2 == 0 ? "" : "not_")}entailment\n"))}";
    }

    [Fact]
    public void AThousandOfTrainAreVal()
    {
        static string Sst2(string text, int rows) => $"sentence\tlabel\n{string.Concat(Enumerable.Range(0, rows).Select(i => $"{text} {i}\t{i % 2}\n"))}";
        using var set = TemporaryDataSet.Of(("train.tsv", Sst2("train", 1010)), ("dev.tsv", Sst2("dev", 4)));
        TextDataSet data = Cut(set, GlueTask.Sst2);
        Assert.Equal((10, 1000, 4), (data.Train.Examples.Count, data.Val.Examples.Count, data.Test.Examples.Count));
        int[] left = [.. PublishedGlueSplits.Permutation(1010)[1000..].Order()];
        Assert.Equal(left.Select(i => $"train {i}"), data.Train.Examples.Select(example => example.Text));
        Assert.Equal(("1,000 rows of train.tsv", "dev.tsv"), (data.Val.Origin, data.Test.Origin));
        Assert.Empty(data.Notices);

        using var few = TemporaryDataSet.Of(("train.tsv", Sst2("train", 1000)), ("dev.tsv", Sst2("dev", 4)));
        Assert.Contains(
            "\n  train.tsv: has 1,000 rows; the published splits hold 1,000 of them out for val: expected more, or data.splits: files",
            Assert.Throws<DataSetException>(() => Cut(few, GlueTask.Sst2)).Message);
        using var none = TemporaryDataSet.Of(("dev.tsv", Sst2("dev", 4)));
        Assert.Contains("\n  train.tsv: does not exist; the published files of SST-2 are train.tsv, dev.tsv", Assert.Throws<DataSetException>(() => Cut(none, GlueTask.Sst2)).Message);
    }

    [Fact]
    public void GlueIsTold()
    {
        using var set = TemporaryDataSet.Of(
            ("glue/CoLA/train.tsv", ColaTrain), ("glue/CoLA/dev.tsv", ColaTrain), ("glue/CoLA/test.tsv", "index\tsentence\n0\tx\n"),
            ("glue/SST-2/train.tsv", "sentence\tlabel\nfine\t1\nbad\t0\n"), ("glue/SST-2/dev.tsv", "sentence\tlabel\nfair\t1\n"));
        string[] said = [.. TextsTask.Registration.Describe!(set.Root, false)!];
        Assert.Equal($"{set.Root} is CoLA of GLUE:", said[0]);
        Assert.Equal("  train 2 texts from glue/CoLA/train.tsv: unacceptable 1, acceptable 1", said[1]);
        Assert.Contains("  test  1 text from glue/CoLA/test.tsv, without answers", said);
        Assert.Contains($"{set.Root} is SST-2 of GLUE:", said);
        Assert.Contains("  val   1 text from glue/SST-2/dev.tsv: negative 0, positive 1", said);
        Assert.Equal("  Name it in a recipe of the task texts, or of text_to_text: data.glue: sst2.", said[^1]);

        set.Write("glue/SST-2/dev.tsv", "sentence\tlabel\nfair\tgood\n"u8.ToArray());
        Assert.Contains("glue/SST-2/dev.tsv:2: label is \"good\"; expected one of 0, 1", Assert.Throws<DataSetException>(() => TextsTask.Registration.Describe!(set.Root, false)).Message);
        using var plain = TemporaryDataSet.Of(("train.tsv", "sentence\tlabel\nfine\tgood\n"));
        Assert.Contains("columns sentence, label", string.Join('\n', TextsTask.Registration.Describe!(plain.Root, false)!));
    }

    [Fact]
    public void TextThatIsNoneIsNamedByLine()
    {
        using var set = TemporaryDataSet.Of(("dev.tsv", ColaTrain));
        set.Write("train.tsv", [.. "gj04\t1\t\tfine\ngj04\t1\t\t"u8, 0xFF, (byte)'\n']);
        Assert.Contains("train.tsv:2: is no text in UTF-8", Assert.Throws<DataSetException>(() => Open(set, GlueTask.Cola)).Message);
    }

    private static TextDataSet Cut(TemporaryDataSet set, GlueTask task) =>
        TextDataSet.Open(new() { Path = set.Root, Glue = task, Splits = GlueSplits.Published }, TextTarget.Classification, 0);

    private static TextDataSet Open(TemporaryDataSet set, GlueTask task) => TextDataSet.Open(new() { Path = set.Root, Glue = task }, TextTarget.Classification, 0);
}
