using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Tests.Shared.DataSets;

namespace UniPT.Tasks.Tests.Retrieval.Data;

public class DataSetProblemsTests
{
    [Fact]
    public void EveryProblemOfMetadataIsReportedAtOnce()
    {
        using var set = TemporaryDataSet.Of(
            ("train/metadata.jsonl", """
                {"file_name": "good.png", "captions": ["fine"]}
                {"file_name": "missing.png", "text": "x"}
                {"file_name":
                [1]

                {"text": "x"}
                {"file_name": 5, "text": "x"}
                {"file_name": "../test/t.png", "text": "x"}
                {"file_name": "/etc/passwd", "text": "x"}
                {"file_name": "..\\x.png", "text": "x"}
                {"file_name": "./good.png", "text": "x"}
                {"file_name": "a.png", "captions": ["x", " ", "y", "x "]}
                {"file_name": "b.png", "captions": []}
                {"file_name": "c.png", "captions": ["x", 1]}
                {"file_name": "d.png", "text": [1]}
                {"file_name": "e.png"}
                {"file_name": "f.png", "text": "\ud800"}
                {"file_name": "zero.png", "text": "x"}
                """),
            ("train/good.png", "1"), ("train/a.png", "1"), ("train/b.png", "1"), ("train/c.png", "1"),
            ("train/d.png", "1"), ("train/e.png", "1"), ("train/f.png", "1"), ("train/zero.png", ""),
            ("train/unnamed.gif", "1"),
            ("val/metadata.jsonl", ""),
            ("val/v.png", "1"),
            ("dev/d.png", "1"), ("dev/d.txt", "x"), ("dev/x.txt", "x"),
            ("test/t.png", "1"));
        Assert.Equal(
            [
                "Data set SET has 21 problems:",
                "val/: is the same split as dev/; keep one of them",
                "train/metadata.jsonl:3: is not valid JSON (byte 14)",
                "train/metadata.jsonl:4: is not a JSON object but Array",
                "train/metadata.jsonl:17: has a string that is not valid Unicode",
                "train/metadata.jsonl:2: image missing.png does not exist",
                "train/metadata.jsonl:6: has no file_name (a string)",
                "train/metadata.jsonl:7: has no file_name (a string)",
                "train/metadata.jsonl:8: file_name \"../test/t.png\" does not stay below its folder",
                "train/metadata.jsonl:9: file_name \"/etc/passwd\" does not stay below its folder",
                "train/metadata.jsonl:10: file_name \"..\\x.png\" does not stay below its folder",
                "train/metadata.jsonl:12: empty caption",
                "train/metadata.jsonl:12: the caption \"x\" occurs twice for this image",
                "train/metadata.jsonl:13: captions is neither a string nor a list of one or more strings",
                "train/metadata.jsonl:14: captions is neither a string nor a list of one or more strings",
                "train/metadata.jsonl:15: text is neither a string nor a list of one or more strings",
                "train/metadata.jsonl:16: has no captions (a list of strings), caption or text (a string)",
                "train/f.png: has no caption: train/metadata.jsonl does not name it",
                "train/unnamed.gif: has no caption: train/metadata.jsonl does not name it",
                "val/metadata.jsonl: is empty (0 bytes); 2 pictures have no caption, the first is test/t.png",
                "dev/x.txt: no image of this name",
                "train/zero.png: is empty (0 bytes)",
            ],
            set.Problems());
    }

    [Fact]
    public void EveryProblemOfCaptionFilesIsReportedAtOnce()
    {
        using var set = TemporaryDataSet.Of(
            ("good.png", "1"), ("good.txt", "fine"), ("README.txt", "x"),
            ("a.png", "1"), ("a.jpg", "1"), ("a.txt", "x\n \ny\nx\n\n"),
            ("blank.png", "1"), ("blank.txt", "\n\n"),
            ("none.png", "1"), ("none.txt", ""), ("lonely.txt", "x"), ("zero.bmp", ""), ("zero.txt", "x"));
        set.Write("bytes.png", [1]);
        set.Write("bytes.txt", [(byte)'x', (byte)'\n', 0xFF, (byte)'\n', (byte)'y']);
        Assert.Equal(
            [
                "Data set SET has 8 problems:",
                "a.txt:2: empty caption",
                "a.txt:4: the caption \"x\" occurs twice for this image",
                "a.png: has the same caption file as a.jpg",
                "blank.txt: has no caption",
                "bytes.txt:2: is no text in UTF-8, or in UTF-16 with a byte-order mark",
                "none.txt: is empty (0 bytes)",
                "lonely.txt: no image of this name",
                "zero.bmp: is empty (0 bytes)",
            ],
            set.Problems());
    }

    [Fact]
    public void OneCauseIsCounted()
    {
        using var set = TemporaryDataSet.Of();
        for (int i = 0; i < 70; i++)
        {
            set.Write($"{i:d2}.png", [1]);
        }

        const string nor = "has no caption: neither metadata.jsonl (or .csv, .json, .parquet) nor";
        Assert.Equal(
            [
                "Data set SET has 71 problems:",
                $"00.png: {nor} 00.txt exists",
                $"01.png: {nor} 01.txt exists",
                $"02.png: {nor} 02.txt exists",
                "train: there is no usable image to train on",
                "… and 67 more: pictures without a caption",
            ],
            set.Problems());
    }

    [Fact]
    public void FiftyProblemsAreListed()
    {
        using var set = TemporaryDataSet.Of(("a.png", "1"), ("a.txt", "a"));
        for (int i = 0; i < 70; i++)
        {
            set.Write($"{i}.png", []);
            set.Write($"{i}.txt", [(byte)'x']);
        }

        string[] lines = set.Problems();
        Assert.Equal("Data set SET has 70 problems:", lines[0]);
        Assert.Equal(52, lines.Length);
        Assert.Equal("… and 20 more", lines[^1]);
    }

    /// <summary>A name may be made to take over a terminal.</summary>
    [Fact]
    public void NamesArePrintedHarmlessly()
    {
        using var set = TemporaryDataSet.Of(("a.png", "1"), ("a.txt", "a"), ("\e[2Jb\u202E.png", "1"));
        Assert.StartsWith("␛[2Jb�.png: has no caption", set.Problems()[1]);
    }

    [Theory]
    [InlineData("val/a.png", "val/a.txt")]
    [InlineData("notes.md", "train.csv")]
    public void WithoutTrainingImagesItIsRefused(string first, string second)
    {
        using var set = TemporaryDataSet.Of((first, "x"), (second, "x"));
        Assert.Equal(
            "train: there is no usable image to train on", set.Problems()[^1].Split(';')[0]);
    }

    [Fact]
    public void WhatIsNoDataSetIsRefused()
    {
        using var set = TemporaryDataSet.Of(("file.zip", "text"), ("zero.zip", ""));
        Assert.Contains("does not exist", Refusal(Path.Combine(set.Root, "nothing")));
        Assert.Contains("neither a folder nor an intact zip file", Refusal(Path.Combine(set.Root, "file.zip")));
        Assert.Contains("neither a folder nor an intact zip file", Refusal(Path.Combine(set.Root, "zero.zip")));
    }

    private static string Refusal(string path)
    {
        string message = Assert.Throws<UserException>(() => ImageCaptionDataSet.Open(path, 0)).Message;
        Assert.Contains(path, message);
        return message;
    }
}
