using System.Text;
using Parquet.Serialization;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Tests.Shared.DataSets;

namespace UniPT.Tasks.Tests.Retrieval.Data;

/// <summary>The layouts of captions that people have.</summary>
public class CaptionTableTests
{
    [Theory]
    [InlineData("metadata.jsonl", "{\"file_name\": \"a.png\", \"captions\": [\"one\", \"two\"]}\n{\"file_name\": \"b.png\", \"captions\": [\"three\"]}")]
    [InlineData("metadata.jsonl", "{\"file_name\": \"a.png\", \"caption\": \"one\"}\n{\"file_name\": \"b.png\", \"caption\": \"three\"}\n{\"file_name\": \"a.png\", \"caption\": \"two\"}")]
    [InlineData("metadata.jsonl", "{\"image\": \"a.png\", \"text\": [\"one\", \"two\"]}\n{\"filename\": \"./b.png\", \"text\": \"three\"}")]
    [InlineData("metadata.jsonl", "{\"image\": {\"path\": \"a.png\", \"bytes\": null}, \"caption\": [\"one\", \"two\"]}\n{\"image\": {\"path\": \"b.png\"}, \"caption\": \"three\"}")]
    [InlineData("metadata.json", "[{\"file_name\": \"a.png\", \"captions\": [\"one\", \"two\"]},\n {\"file_name\": \"b.png\", \"captions\": [\"three\"]}]")]
    [InlineData("metadata.jsonl", "[\n{\"file_name\": \"a.png\", \"captions\": [\"one\", \"two\"]}, {\"file_name\": \"b.png\", \"captions\": [\"three\"]}\n]")]
    [InlineData("metadata.json", "{\"file_name\": \"a.png\", \"captions\": [\"one\", \"two\"]}\n{\"file_name\": \"b.png\", \"captions\": [\"three\"]}")]
    [InlineData("metadata.csv", "file_name,text\na.png,one\r\na.png,\"two\"\r\n\r\nb.png,three\r\n")]
    [InlineData("metadata.csv", "file_name;caption\na.png;one\na.png;two\nb.png;three")]
    [InlineData("metadata.csv", "file_name,captions\na.png,\"[\"\"one\"\", \"\"two\"\"]\"\nb.png,three")]
    [InlineData("captions.txt", "image,caption\na.png,one\na.png,two\nb.png,three")]
    [InlineData("results.csv", "image_name| comment_number| comment\na.png| 0| one\na.png| 1| two\nb.png| 0| three")]
    [InlineData("metadata.tsv", "file_name\ttext\na.png\tone\na.png\ttwo\nb.png\tthree\n")]
    public void ATableIsRead(string name, string text)
    {
        foreach (Encoding encoding in (Encoding[])[new UTF8Encoding(false), Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            using var set = Pictures();
            set.Write(name, [.. encoding.Preamble, .. encoding.GetBytes(text)]);
            AssertRead(set);
        }
    }

    [Fact]
    public async Task ParquetIsRead()
    {
        using var set = Pictures();
        using var stream = new MemoryStream();
        await ParquetSerializer.SerializeAsync(
            [new Lists { file_name = "a.png", captions = ["one", "two"] }, new Lists { file_name = "b.png", captions = ["three"] }], stream);
        set.Write("metadata.parquet", stream.ToArray());
        AssertRead(set);
    }

    [Fact]
    public async Task ParquetAsHuggingFaceWritesItIsRead()
    {
        using var set = Pictures();
        using var stream = new MemoryStream();
        await ParquetSerializer.SerializeAsync(
            [new Structures { image = new() { path = "a.png" }, text = "one" }, new Structures { image = new() { path = "a.png" }, text = "two" }, new Structures { image = new() { path = "b.png" }, text = "three" }],
            stream);
        set.Write("metadata.parquet", stream.ToArray());
        AssertRead(set);
    }

    [Fact]
    public async Task DamagedParquetIsASentence()
    {
        using var stream = new MemoryStream();
        await ParquetSerializer.SerializeAsync([new Lists { file_name = "a.png", captions = ["one", "two"] }], stream);
        byte[] intact = stream.ToArray();
        var random = new Random(1);
        int refused = 0;
        for (int trial = 0; trial < 200; trial++)
        {
            using var set = Pictures();
            byte[] bytes = trial % 4 == 0 ? intact[..random.Next(intact.Length)] : [.. intact];
            for (int change = random.Next(4); change >= 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            set.Write("metadata.parquet", bytes);
            try
            {
                set.Open().Dispose();
            }
            catch (UserException error)
            {
                refused++;
                Assert.Contains("metadata.parquet", error.Message);
            }
        }

        Assert.InRange(refused, 50, 200);
    }

    [Fact]
    public void ATableAtTheRootNamesPicturesOfAllSplits()
    {
        using var set = TemporaryDataSet.Of(
            ("metadata.csv", "file_name,text\ntrain/a.png,one\nval/b.png,two\ntest/c.png,three\nother/d.png,four"),
            ("train/a.png", "a"), ("val/b.png", "b"), ("test/c.png", "c"), ("other/d.png", "d"));
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal(["a.png", "b.png", "c.png"], new[] { data.Train, data.Val, data.Test }.Select(split => Assert.Single(split.Images).Name));
        Assert.Equal("1 picture of set lies outside of its splits and is not used: other/d.png.", Assert.Single(data.Notices));
    }

    [Theory]
    [InlineData("train.csv", "val.csv", "test.csv", "images/")]
    [InlineData("captions_train2014.csv", "captions_val2014.csv", "captions_test2014.csv", "")]
    public void TablesMayMarkTheSplits(string train, string val, string test, string folder)
    {
        using var set = TemporaryDataSet.Of(
            (train, "image,caption\na.png,one"), (val, "image,caption\nb.png,two"), (test, "image,caption\nc.png,three"),
            ($"{folder}a.png", "a"), ($"{folder}b.png", "b"), ($"{folder}c.png", "c"));
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal(["a.png", "b.png", "c.png"], new[] { data.Train, data.Val, data.Test }.Select(split => Assert.Single(split.Images).Name));
        Assert.Equal(train, data.Train.Origin);
    }

    [Fact]
    public void AColumnMayMarkTheSplits()
    {
        using var set = TemporaryDataSet.Of(
            ("metadata.csv", "file_name,text,split\na.png,one,train\nb.png,two,validation\nc.png,three,test\nd.png,four,restval"),
            ("a.png", "a"), ("b.png", "b"), ("c.png", "c"), ("d.png", "d"));
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal(["a.png", "d.png"], data.Train.Images.Select(image => image.Name));
        Assert.Equal("b.png", Assert.Single(data.Val.Images).Name);
        Assert.Equal("the column split of metadata.csv", data.Test.Origin);
    }

    [Theory]
    [InlineData("val/a.png,x,train", "metadata.csv:2: puts val/a.png into train, but it lies in val/")]
    [InlineData("train/a.png,x,later", "metadata.csv:2: split is \"later\"; expected train, val or test")]
    public void ASplitThatContradictsIsAProblem(string line, string problem)
    {
        using var set = TemporaryDataSet.Of(
            ("metadata.csv", $"file_name,text,split\n{line}\ntrain/b.png,y,train"), ("val/a.png", "a"), ("train/a.png", "a"), ("train/b.png", "b"));
        Assert.Contains(problem, set.Problems());
    }

    [Theory]
    [InlineData("metadata.jsonl", "{\"id\": 1, \"label\": \"cat\"}", "metadata.jsonl: has neither names of pictures nor captions; expected entries with file_name (or filename, image) and captions (or caption, text), found the keys id, label; 20 pictures have no caption, the first is 0.png")]
    [InlineData("metadata.csv", "file_name,label\n1.png,cat", "metadata.csv: has no captions; expected entries with file_name (or filename, image) and captions (or caption, text), found the keys file_name, label; 20 pictures have no caption, the first is 0.png")]
    [InlineData("captions_train2014.json", "{\"info\": {}, \"images\": [], \"annotations\": []}", "captions_train2014.json: is one JSON object with the keys info, images, annotations, a layout that is not read; expected entries with file_name (or filename, image) and captions (or caption, text); 20 pictures have no caption, the first is 0.png")]
    [InlineData("metadata.json", "[1, 2", "metadata.json: is not valid JSON (line 1, byte 6); 20 pictures have no caption, the first is 0.png")]
    public void WhatIsNotReadIsSaidOnceWithItsKeys(string name, string text, string problem)
    {
        using var set = TemporaryDataSet.Of((name, text));
        for (int i = 0; i < 20; i++)
        {
            set.Write($"{i}.png", [1]);
        }

        Assert.Equal([problem, "train: there is no usable image to train on"], set.Problems()[1..]);
    }

    [Theory]
    [InlineData("a.png,x,y", "metadata.csv:3: has 3 fields and the first line 2; a field with ',' in it stands between quotation marks")]
    [InlineData("a.png,\"x", "metadata.csv:3: has a quotation mark that is not closed")]
    public void ABrokenLineOfCsvIsNamed(string line, string problem)
    {
        using var set = TemporaryDataSet.Of(("metadata.csv", $"file_name,text\nb.png,fine\n{line}"), ("a.png", "a"), ("b.png", "b"));
        Assert.Contains(problem, set.Problems());
    }

    [Fact]
    public void UnmarkedUtf16IsNamed()
    {
        using var set = TemporaryDataSet.Of(("a.png", "1"));
        set.Write("a.txt", Encoding.Unicode.GetBytes("a caption"));
        Assert.Equal("a.txt:1: is no text in UTF-8, or in UTF-16 with a byte-order mark", set.Problems()[1]);
    }

    [Fact]
    public void CaptionFilesMayBeUtf16()
    {
        using var set = TemporaryDataSet.Of(("a.png", "1"));
        set.Write("a.txt", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("ein Käse\r\nzwei\r\n")]);
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal(["ein Käse", "zwei"], data.Train.Images[0].Captions);
    }

    private static TemporaryDataSet Pictures() =>
        TemporaryDataSet.Of(("a.png", "a"), ("b.png", "b"));

    private static void AssertRead(TemporaryDataSet set)
    {
        using ImageCaptionDataSet data = set.Open();
        var images = data.Train.Images.Concat(data.Val.Images).ToDictionary(image => image.Name, image => image.Captions);
        Assert.Equal(["a.png", "b.png"], images.Keys.Order());
        Assert.Equal(["one", "two"], images["a.png"]);
        Assert.Equal(["three"], images["b.png"]);
    }

    private sealed class Lists
    {
        public string file_name { get; set; } = "";

        public List<string> captions { get; set; } = [];
    }

    private sealed class Structures
    {
        public Inner? image { get; set; }

        public string text { get; set; } = "";
    }

    private sealed class Inner
    {
        public string? path { get; set; }
    }
}
