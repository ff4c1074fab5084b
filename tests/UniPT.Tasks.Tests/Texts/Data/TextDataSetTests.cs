using System.Text;
using Parquet.Serialization;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Tests.Shared.DataSets;
using UniPT.Tasks.Texts;
using UniPT.Tasks.Texts.Data;
using UniPT.Testing;

namespace UniPT.Tasks.Tests.Texts.Data;

/// <summary>Tables of one's own.</summary>
public class TextDataSetTests
{
    [Theory]
    [InlineData("csv", "text,label\nred apple,fruit\n\"a, \"\"b\"\"\",tool\n", "text,label\nsaw,tool\n")]
    [InlineData("csv", "text;label\r\nred apple;fruit\r\na, \"b\";tool\r\n", "label;text\r\ntool;saw\r\n")]
    [InlineData("tsv", "id\ttext\tlabel\n1\tred apple\tfruit\n2\ta, \"b\"\ttool\n", "text\tlabel\nsaw\t tool \n")]
    [InlineData("jsonl", "{\"text\": \"red apple\", \"label\": \"fruit\"}\n{\"text\": \"a, \\\"b\\\"\", \"label\": \"tool\"}\n", "{\"label\": \"tool\", \"text\": \"saw\"}")]
    [InlineData("json", "[{\"text\": \"red apple\", \"label\": \"fruit\"}, {\"text\": \"a, \\\"b\\\"\", \"label\": \"tool\"}]", "[{\"label\": \"tool\", \"text\": \"saw\"}]")]
    public void TablesAreRead(string extension, string train, string dev)
    {
        foreach (Encoding encoding in (Encoding[])[new UTF8Encoding(false), Encoding.UTF8, Encoding.Unicode])
        {
            using var set = TemporaryDataSet.Of();
            set.Write($"train.{extension}", [.. encoding.Preamble, .. encoding.GetBytes(train)]);
            set.Write($"dev.{extension}", [.. encoding.Preamble, .. encoding.GetBytes(dev)]);
            TextDataSet data = Open(set);
            Assert.Equal(["fruit", "tool"], data.Labels);
            Assert.Equal([new("red apple", null, 0), new("a, \"b\"", null, 1)], data.Train.Examples);
            Assert.Equal(new TextExample("saw", null, 1), Assert.Single(data.Val.Examples));
            Assert.Equal(["set has no examples for test; figures are those of val, by which the best epoch is chosen, and so are too high."], data.Notices);
        }
    }

    [Fact]
    public async Task ParquetIsRead()
    {
        using var set = TemporaryDataSet.Of();
        foreach (string split in (string[])["train", "test"])
        {
            using var stream = new MemoryStream();
            await ParquetSerializer.SerializeAsync([new Row { premise = "a", hypothesis = "b", score = 1 }, new Row { premise = "c", hypothesis = "d", score = 2.5 }, new Row { premise = "e", hypothesis = "f", score = 3 }], stream);
            set.Write($"{split}.parquet", stream.ToArray());
        }

        TextDataSet data = Open(set, Options() with { Text = "premise", SecondText = "hypothesis", Label = "score" }, TextTarget.Regression);
        Assert.Equal([new("a", "b", 1), new("c", "d", 2.5), new("e", "f", 3)], data.Test.Examples);
        Assert.Empty(data.Labels);
        Assert.Equal((2, 1), (data.Train.Examples.Count, data.Val.Examples.Count));
    }

    /// <summary>Labels that are numbers are sorted as numbers, and JSON's are the same as CSV's.</summary>
    [Fact]
    public void NumbersAndTruthsAreLabels()
    {
        using var numbers = TemporaryDataSet.Of(("train.jsonl", "{\"text\": \"a\", \"label\": 10}\n{\"text\": \"b\", \"label\": 9}\n{\"text\": \"c\", \"label\": -1.0}"), ("val.csv", "text,label\nd,10"));
        Assert.Equal(["-1", "9", "10"], Open(numbers).Labels);
        Assert.Equal(2, Open(numbers).Val.Examples[0].Target);
        using var truths = TemporaryDataSet.Of(("train.jsonl", "{\"text\": \"a\", \"label\": true}\n{\"text\": \"b\", \"label\": false}"));
        Assert.Equal(["false", "true"], Open(truths).Labels);
    }

    [Fact]
    public void TheOrderOfLabelsMayBeGiven()
    {
        using var set = TemporaryDataSet.Of(("train.csv", "text,label\na,low\nb,high\nc,low\nd,low"), ("val.csv", "text,label\nx,high"), ("test.csv", "text,label\ny,low"));
        TextDataSet data = Open(set, Options() with { Labels = ["low", "middle", "high"] });
        Assert.Equal([0, 2, 0, 0], data.Train.Examples.Select(example => example.Target));
        Assert.Equal("No example of train in set has the label middle; it cannot be learned.", Assert.Single(data.Notices));
        Assert.Contains("train.csv:2: label is \"low\"; expected one of high, middle", Problems(set, Options() with { Labels = ["high", "middle"] }));
        Assert.Contains("data.labels: names low twice", Problems(set, Options() with { Labels = ["low", "high", "low"] }));
    }

    [Fact]
    public void AColumnMayMarkTheSplits()
    {
        using var set = TemporaryDataSet.Of(("all.csv", "text,label,fold\na,x,train\nb,y,Training\nc,x,dev\nd,y,test"), ("other.csv", "id\n5"));
        TextDataSet data = Open(set, Options() with { Split = "fold" });
        Assert.Equal((2, "c", "d"), (data.Train.Examples.Count, Assert.Single(data.Val.Examples).Text, Assert.Single(data.Test.Examples).Text));
        Assert.Equal("the column fold of all.csv", data.Val.Origin);
        Assert.Empty(data.Notices);
    }

    [Fact]
    public void FoldersMayMarkTheSplits()
    {
        using var set = TemporaryDataSet.Of(("x/train/part1.csv", "text,label\na,x"), ("x/train/part2.csv", "text,label\nb,y"), ("x/test/part1.csv", "text,label\nc,y"), ("x/spare.csv", "text,label\nq,y"));
        TextDataSet data = Open(set);
        Assert.Equal(["a", "b"], data.Train.Examples.Concat(data.Val.Examples).Select(example => example.Text).Order());
        Assert.Equal("c", Assert.Single(data.Test.Examples).Text);
        Assert.Equal("x/spare.csv is named as no split and not used.", data.Notices[0]);
    }

    [Fact]
    public void WithoutMarksTextsAreDividedByAHash()
    {
        using var set = TemporaryDataSet.Of();
        string[] rows = [.. Enumerable.Range(0, 50).Select(i => $"text number {i},{(i % 2 == 0 ? "even" : "odd")}")];
        set.Write("all.csv", Encoding.UTF8.GetBytes($"text,label\n{string.Join('\n', rows)}"));
        TextDataSet data = Open(set);
        Assert.Equal((40, 5, 5), (data.Train.Examples.Count, data.Val.Examples.Count, data.Test.Examples.Count));
        Assert.Equal("set has no splits; 5 rows are held out for val and 5 for test, always the same.", Assert.Single(data.Notices));
        Assert.NotEqual(data.Fingerprint, TextDataSet.Open(new() { Path = set.Root }, TextTarget.Classification, 1).Fingerprint);

        set.Write("all.csv", Encoding.UTF8.GetBytes($"text,label\n{string.Join('\n', rows.Reverse())}"));
        Assert.Equal(data.Fingerprint, Open(set).Fingerprint);
        Assert.Equal(data.Fingerprint, TextDataSet.Open(new() { Path = Path.Combine(set.Root, "all.csv") }, TextTarget.Classification, 0).Fingerprint);
    }

    /// <summary>A row that is there twice is held out or kept twice, not made one.</summary>
    [Fact]
    public void EqualRowsAreAllKept()
    {
        using var set = TemporaryDataSet.Of(("train.csv", "text,label\n" + string.Concat(Enumerable.Repeat("same,x\n", 26)) + "same,y\n"));
        TextDataSet data = Open(set);
        Assert.Equal(27, data.Train.Examples.Count + data.Val.Examples.Count);
        Assert.Contains("2 examples of set are in another split too; figures of texts that were trained on are too high.", data.Notices);
    }

    [Fact]
    public void TheFingerprintFollowsTheContents()
    {
        (string Name, string Text)[] files = [("train.csv", "text,label\na,x\nb,y"), ("val.csv", "text,label\nc,x"), ("test.csv", "text,label\nd,y")];
        using var set = TemporaryDataSet.Of(files);
        using var moved = TemporaryDataSet.Of([.. files, ("notes.md", "x")]);
        string before = Open(set).Fingerprint;
        Assert.Matches("^[0-9a-f]{64}$", before);
        Assert.Equal(before, Open(moved).Fingerprint);
        foreach (string text in (string[])["text,label\na,y\nb,x", "text,label\na,x\nb!,y", "text,label\nb,y\na,x"])
        {
            moved.Write("train.csv", Encoding.UTF8.GetBytes(text));
            Assert.NotEqual(before, Open(moved).Fingerprint);
        }
    }

    [Fact]
    public void ATestTableWithoutLabelsIsPredictedOnly()
    {
        using var set = TemporaryDataSet.Of(("train.csv", "text,label\na,x\nb,y"), ("val.csv", "text,label\nc,x"), ("test.csv", "text\nd"));
        TextDataSet data = Open(set);
        Assert.Equal(new TextExample("d", null, double.NaN), Assert.Single(data.Test.Examples));
        Assert.False(data.Test.HasAnswers);
        Assert.Equal(["test.csv has no column label: it can be predicted; figures are those of val, by which the best epoch is chosen, and so are too high."], data.Notices);
        set.Write("test/more.csv", "text,label\ne,x"u8.ToArray());
        set.Write("test/less.csv", "text\nf"u8.ToArray());
        File.Delete(Path.Combine(set.Root, "test.csv"));
        Assert.Contains("test/less.csv:2: has no label, which other rows of its split have", Problems(set));
    }

    [Fact]
    public void QuotationMarksMayMeanNothing()
    {
        using var set = TemporaryDataSet.Of(("train.tsv", "text\tlabel\n\"open\tx\nb\ty"), ("val.tsv", "text\tlabel\n5\" disk\tx"));
        Assert.Contains("train.tsv:2: has a quotation mark that is not closed", Problems(set));
        Assert.Equal("\"open", Open(set, Options() with { Quotes = false }).Train.Examples[0].Text);
    }

    [Theory]
    [InlineData("text,label\na,x,more\nb,y", "train.csv:2: has 3 fields and the first line 2; a field with ',' in it stands between quotation marks")]
    [InlineData("text,label\na,x\nb", "train.csv:3: has 1 fields and the first line 2; a field with ',' in it stands between quotation marks")]
    [InlineData("text,label\n ,x\nb,y", "train.csv:2: text is empty")]
    [InlineData("text,label\na,\nb,y", "train.csv:2: label is empty")]
    [InlineData("sentence,class\na,x", "train.csv: has no column text (data.text) and no label (data.label); its columns are sentence, class")]
    [InlineData("text,label\na,x\nb,x", "train: all of its examples have the label x; there is nothing to tell apart")]
    [InlineData("text,label\na,y\nb,z", "val.csv:2: label is \"x\", which train does not have; it has y, z")]
    [InlineData("text,label\n", "train.csv: has no rows")]
    [InlineData("", "train.csv: is empty (0 bytes)")]
    [InlineData("text,label,split\na,x,later\nb,y,train", "train.csv:2: split is \"later\"; expected train, val or test")]
    public void WhatIsWrongIsNamed(string train, string problem)
    {
        using var set = TemporaryDataSet.Of(("train.csv", train), ("val.csv", "text,label\nc,x"));
        Assert.Contains(problem, Problems(set));
    }

    [Theory]
    [InlineData("text,label\na,high\nb,1", "train.csv:2: label is \"high\"; expected a finite number")]
    [InlineData("text,label\na,1\nb,inf", "train.csv:3: label is \"inf\"; expected a finite number")]
    [InlineData("text,label\na,\"1,5\"\nb,1", "train.csv:2: label is \"1,5\"; expected a finite number")]
    public void NumbersOfRegressionAreFinite(string train, string problem)
    {
        using var set = TemporaryDataSet.Of(("train.csv", train));
        Assert.Contains(problem, Problems(set, Options(), TextTarget.Regression));
    }

    [Fact]
    public void BadRowsMayBeLeftOut()
    {
        using var set = TemporaryDataSet.Of(("train.csv", "text,label\na,x\n ,x\nb,y\nc\nd,"), ("val.csv", "text,label\nc,x\nd,z"), ("test.csv", "text,label\ne,x"));
        TextDataSet data = Open(set, Options() with { SkipBad = true });
        Assert.Equal((2, 1, 1), (data.Train.Examples.Count, data.Val.Examples.Count, data.Test.Examples.Count));
        Assert.Equal("4 rows of set cannot be used and are left out; the first is train.csv:5: has 1 fields and the first line 2; a field with ',' in it stands between quotation marks.", Assert.Single(data.Notices));
        using var none = TemporaryDataSet.Of(("train.csv", "text,label\n ,x"));
        Assert.Contains("train: there is no example to train on", Problems(none, Options() with { SkipBad = true }));
    }

    [Fact]
    public void ANumberThatIsAlwaysTheSameIsRefused()
    {
        using var set = TemporaryDataSet.Of(("train.csv", "text,label\na,1\nb,1\nc,1"));
        Assert.Contains("train: all of its examples have the number 1; there is nothing to tell apart", Problems(set, Options(), TextTarget.Regression));
    }

    [Fact]
    public void UnlabelledJsonIsNamedByLine()
    {
        using var set = TemporaryDataSet.Of(("train.jsonl", "{\"text\": \"a\", \"label\": \"x\"}\n{\"text\": \"b\"}\n{\"text\": [\"c\"], \"label\": \"y\"}\n{\"text\": \"d\", \"label\": null}"));
        string[] problems = Problems(set);
        Assert.Contains("train.jsonl:2: has no label (a label as a string or number)", problems);
        Assert.Contains("train.jsonl:3: has no text (a text as a string or number)", problems);
        Assert.Contains("train.jsonl:4: has no label (a label as a string or number)", problems);
    }

    [Fact]
    public void WhatHoldsNoTrainingDataIsRefused()
    {
        using var empty = TemporaryDataSet.Of(("notes.md", "x"));
        Assert.Contains(Problems(empty), problem => problem.EndsWith("holds no table; expected .csv, .tsv, .jsonl, .json or .parquet"));
        using var val = TemporaryDataSet.Of(("val.csv", "text,label\nc,x"));
        Assert.Contains("train: there is no example to train on; the splits found are val from val.csv", Problems(val));
        using var both = TemporaryDataSet.Of(("train_test.csv", "text,label\nc,x"));
        Assert.Contains("train_test.csv: is named as two splits at once; name it train, val or test", Problems(both));
        string missing = Path.Combine(val.Root, "nothing.csv");
        Assert.Contains("a folder, a zip file or a table was expected", Assert.Throws<UserException>(() => TextDataSet.Open(new() { Path = missing }, TextTarget.Classification, 0)).Message);
    }

    /// <summary>What <c>data/README.md</c> says of the set that comes along.</summary>
    [Fact]
    public void TheTextsThatComeAlong()
    {
        TextDataSet data = TextDataSet.Open(new() { Path = Path.Combine(RepositoryPaths.Data, "emoji-texts.csv") }, TextTarget.Classification, 0);
        Assert.Equal([1418, 221, 540], new[] { data.Train, data.Val, data.Test }.Select(split => split.Examples.Count));
        Assert.Equal(20, data.Labels.Count);
        Assert.Empty(data.Notices);
    }

    private static TextDataSet Open(TemporaryDataSet set, TextDataOptions? options = null, TextTarget target = TextTarget.Classification) =>
        TextDataSet.Open((options ?? Options()) with { Path = set.Root }, target, 0);

    private static string[] Problems(TemporaryDataSet set, TextDataOptions? options = null, TextTarget target = TextTarget.Classification) =>
        Assert.Throws<DataSetException>(() => Open(set, options, target)).Message.Split("\n  ");

    private static TextDataOptions Options() => new() { Path = "" };

    private sealed class Row
    {
        public string premise { get; set; } = "";

        public string hypothesis { get; set; } = "";

        public double score { get; set; }
    }
}
