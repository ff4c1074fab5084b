using UniPT.Tasks.Retrieval.Data;

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
                {"file_name": "d.png", "text": ["x"]}
                {"file_name": "e.png"}
                {"file_name": "f.png", "text": "\ud800"}
                {"file_name": "zero.png", "text": "x"}
                """),
            ("train/good.png", "1"), ("train/a.png", "1"), ("train/b.png", "1"), ("train/c.png", "1"),
            ("train/d.png", "1"), ("train/e.png", "1"), ("train/f.png", "1"), ("train/zero.png", ""),
            ("train/unnamed.gif", "1"),
            ("val/metadata.jsonl", ""),
            ("dev/x.txt", "x"),
            ("test/t.png", "1"));
        Assert.Equal(
            [
                "Data set SET has 21 problems:",
                "val/: is the same split as dev/; keep one of them",
                "train/metadata.jsonl:2: image missing.png does not exist",
                "train/metadata.jsonl:3: is not valid JSON (byte 14)",
                "train/metadata.jsonl:4: is not a JSON object but Array",
                "train/metadata.jsonl:6: has no file_name (a string)",
                "train/metadata.jsonl:7: has no file_name (a string)",
                "train/metadata.jsonl:8: file_name \"../test/t.png\" does not stay below its folder",
                "train/metadata.jsonl:9: file_name \"/etc/passwd\" does not stay below its folder",
                "train/metadata.jsonl:10: file_name \"..\\x.png\" does not stay below its folder",
                "train/metadata.jsonl:11: image good.png occurs twice, first in train/metadata.jsonl:1",
                "train/metadata.jsonl:12: empty caption",
                "train/metadata.jsonl:12: the caption \"x\" occurs twice for this image",
                "train/metadata.jsonl:13: captions is not a list of one or more strings",
                "train/metadata.jsonl:14: captions is not a list of one or more strings",
                "train/metadata.jsonl:15: has neither captions (a list of strings) nor text (a string)",
                "train/metadata.jsonl:16: has neither captions (a list of strings) nor text (a string)",
                "train/metadata.jsonl:17: has a string that is not valid Unicode",
                "train/metadata.jsonl:18: image zero.png is empty (0 bytes)",
                "train/unnamed.gif: has no caption: train/metadata.jsonl does not name it",
                "dev/x.txt: no image of this name",
                "test/t.png: has no caption: neither test/metadata.jsonl nor test/t.txt exists",
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
                "bytes.txt:2: is not valid UTF-8",
                "none.txt: is empty (0 bytes)",
                "zero.bmp: is empty (0 bytes)",
                "lonely.txt: no image of this name",
            ],
            set.Problems());
    }

    [Fact]
    public void FiftyProblemsAreListed()
    {
        using var set = TemporaryDataSet.Of();
        for (int i = 0; i < 70; i++)
        {
            set.Write($"{i}.png", [1]);
        }

        string[] lines = set.Problems();
        Assert.Equal("Data set SET has 71 problems:", lines[0]);
        Assert.Equal(52, lines.Length);
        Assert.Equal("… and 21 more", lines[^1]);
    }

    [Theory]
    [InlineData("val/a.png", "val/a.txt")]
    [InlineData("notes.md", "train.csv")]
    public void WithoutTrainingImagesItIsRefused(string first, string second)
    {
        using var set = TemporaryDataSet.Of((first, "x"), (second, "x"));
        Assert.Equal(
            ["Data set SET has 1 problem:", "train: there is no usable image to train on"], set.Problems());
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
