using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Tests.Shared.DataSets;
using UniPT.Testing.Published;

namespace UniPT.Tasks.Tests.Retrieval.Data;

public sealed class VseLayoutTests
{
    private const string Train = "a1\na2\na3\na4\na5\nb1\nb2\n b3 \nb4\nb4\n";
    private const string Dev = "c1\nc2\nc3\nc4\nc5\n";

    private static readonly (string Name, string Text)[] Files =
    [
        ("precomp/train_caps.txt", Train),
        ("precomp/train_ids.txt", "17\n402\n"),
        ("precomp/dev_caps.txt", Dev),
        ("precomp/dev_ids.txt", "9\n9\n9\n9\n9\n"),
        ("precomp/test_caps.txt", "x1\nx2\nx3\nx4\nx5\n"),
        ("precomp/test_ids.txt", "5\n"),
        ("precomp/testall_caps.txt", "x1\nx2\nx3\nx4\nx5\ny1\ny2\ny3\ny4\ny5\n"),
        ("precomp/testall_ids.txt", "5\n5\n5\n5\n5\n6\n6\n6\n6\n6\n"),
        ("id_mapping.json", """{"17": "train2014/a.jpg", "402": "train2014/b.jpg", "9": "val2014/c.jpg", "5": "val2014/x.jpg", "6": "val2014/y.jpg", "7": "val2014/never.jpg"}"""),
        ("images/train2014/a.jpg", "bytes of a"),
        ("images/train2014/b.jpg", "bytes of b"),
        ("images/val2014/c.jpg", "bytes of c"),
        ("images/val2014/x.jpg", "bytes of x"),
        ("images/val2014/y.jpg", "bytes of y"),
        ("images/val2014/nobody.jpg", "bytes of a picture that nothing names"),
    ];

    [Fact]
    public void BothLayoutsOfIdsAreReadAndTestallIsTheTestSplit()
    {
        using var set = TemporaryDataSet.Of(Files);
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal(["a.jpg", "b.jpg"], data.Train.Images.Select(image => image.Name));
        Assert.Equal(["b1", "b2", "b3", "b4", "b4"], data.Train.Images[1].Captions); // equal ones stay
        Assert.Equal(["c1", "c2", "c3", "c4", "c5"], Assert.Single(data.Val.Images).Captions);
        Assert.Equal(["5", "6"], data.Test.Images.Select(image => image.Id));
        Assert.Equal("bytes of y"u8, data.Test.ReadImage(1));
        Assert.Equal("precomp/testall_caps.txt", data.Test.Origin);
        Assert.Equal("in VSE∞'s layout", data.Format);
        Assert.Empty(data.Notices);
    }

    [Fact]
    public void WithoutTestallThereIsTestAndThePicturesMayLieElsewhere()
    {
        using var set = TemporaryDataSet.Of([.. Files.Where(file => !file.Name.Contains("testall", StringComparison.Ordinal) && !file.Name.StartsWith("images/", StringComparison.Ordinal))]);
        using var pictures = TemporaryDataSet.Of([.. Files.Where(file => file.Name.StartsWith("images/", StringComparison.Ordinal))]);
        using (ImageCaptionDataSet data = ImageCaptionDataSet.Open(set.Root, 0, null, pictures.Root, regions: false))
        {
            Assert.Equal("x1", Assert.Single(data.Test.Images).Captions[0]);
            Assert.Equal("bytes of b"u8, data.Train.ReadImage(1));
            Assert.Empty(data.Notices);
        }

        using (var both = TemporaryDataSet.Of(Files))
        using (ImageCaptionDataSet data = ImageCaptionDataSet.Open(both.Root, 0, null, pictures.Root, regions: false))
        {
            Assert.Equal([$"{pictures.Root} (data.images) is not used: the pictures are in {both.Root}."], data.Notices);
        }

        Assert.Equal(
            ["Data set SET has 2 problems:", "id_mapping.json: names pictures such as train2014/a.jpg, none of which is in SET; their folder may be named by data.images", "train: there is no usable image to train on"],
            set.Problems());
        var error = Assert.Throws<UserException>(() => ImageCaptionDataSet.Open(set.Root, 0, null, set.Root + "/none", regions: false));
        Assert.Contains("/none does not exist; a folder or a zip file was expected", error.Message);
    }

    [Fact]
    public void AZipIsTheSameDataSet()
    {
        using var set = TemporaryDataSet.Of(Files);
        set.Pack(System.IO.Compression.CompressionLevel.Fastest, "coco/");
        using ImageCaptionDataSet folder = set.Open();
        using ImageCaptionDataSet zip = ImageCaptionDataSet.Open(set.Zip, 0);
        Assert.Equal(folder.Fingerprint, zip.Fingerprint);
    }

    [Fact]
    public void OddCountsAndPicturesOfTwoSplitsAreSaid()
    {
        using var set = TemporaryDataSet.Of(With(("precomp/dev_caps.txt", "c1\nc2\na1\n"), ("precomp/dev_ids.txt", "9\n9\n17\n")));
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal(
        [
            "2 pictures in val of set have 1 to 2 captions and not five.",
            "1 picture of set is in another split too, such as images/train2014/a.jpg; figures of pictures that were trained on are too high.",
        ], data.Notices);
    }

    [Theory]
    [InlineData("precomp/train_ids.txt", "17\n402\n3\n", "precomp/train_ids.txt: has 3 ids and precomp/train_caps.txt has 10 captions; expected an id for every five captions, or one for every caption")]
    [InlineData("precomp/train_ids.txt", "17\nx402\n", "precomp/train_ids.txt:2: \"x402\" is no id; expected a whole number")]
    [InlineData("precomp/train_ids.txt", "17\n8\n", "precomp/train_ids.txt:2: has the id 8, which id_mapping.json does not have")]
    [InlineData("precomp/train_ids.txt", "17\n7\n", "precomp/train_ids.txt:2: has the id 7, whose picture images/val2014/never.jpg does not exist")]
    [InlineData("precomp/train_ids.txt", "17\n17\n", "precomp/train_ids.txt:2: has the id 17 again, after line 1; the captions of a picture stand together")]
    [InlineData("precomp/train_ids.txt", null, "precomp/train_ids.txt: does not exist")]
    [InlineData("precomp/train_caps.txt", null, "precomp/train_caps.txt: does not exist; precomp/train_ids.txt does")]
    [InlineData("precomp/train_caps.txt", "", "precomp/train_caps.txt: is empty (0 bytes)")]
    [InlineData("precomp/train_caps.txt", "a1\n\na3\na4\na5\nb1\nb2\nb3\nb4\nb5\n", "precomp/train_caps.txt:2: empty caption")]
    [InlineData("id_mapping.json", null, "id_mapping.json: does not exist; the files of the pictures are named there by their ids")]
    [InlineData("id_mapping.json", "{\"17\": \"a.jpg\",\n \"402\" \"b.jpg\"}", "id_mapping.json:2: is not valid JSON (byte 8)")]
    [InlineData("id_mapping.json", "[1]", "id_mapping.json: is not a JSON object from ids to names of files")]
    public void EveryProblemIsNamed(string file, string? text, string problem)
    {
        using var set = TemporaryDataSet.Of(text is null ? [.. Files.Where(one => one.Name != file)] : With((file, text)));
        Assert.Contains(problem, set.Problems());
    }

    [Fact]
    public void WhatCannotBeUsedIsLeftOutWhereThatIsAskedFor()
    {
        string folder = Directory.CreateTempSubdirectory("unipt-vse-").FullName;
        try
        {
            RetrievalSample.WriteData(folder);
            string ids = Path.Combine(folder, "precomp", "train_ids.txt");
            string[] lines = File.ReadAllLines(ids);
            (lines[1], lines[3]) = ("none", "999999");
            File.WriteAllLines(ids, lines);
            string cut = Path.Combine(folder, "flickr30k-images", RetrievalSample.FileOf(int.Parse(lines[5], System.Globalization.CultureInfo.InvariantCulture)));
            File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..200]);
            using ImageCaptionDataSet data = ImageCaptionDataSet.Open(folder, 0, new PictureCheck(2, SkipBad: true));
            Assert.Equal(RetrievalSample.TrainPictures - 3, data.Train.Images.Count);
            string set = Path.GetFileName(folder);
            Assert.Equal(
            [
                $"1 picture of {set} cannot be used and is left out: flickr30k-images/{Path.GetFileName(cut)}.",
                $"2 rows of {set} cannot be used and are left out; the first is precomp/train_ids.txt:2: \"none\" is no id; expected a whole number.",
            ], data.Notices);
            Assert.Contains("has 3 problems", Assert.Throws<DataSetException>(() => ImageCaptionDataSet.Open(folder, 0, new PictureCheck(2, SkipBad: false))).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void OneOfSeveralDataSetsMustBeNamed()
    {
        using var set = TemporaryDataSet.Of(("coco/precomp/train_caps.txt", Train), ("f30k/precomp/train_caps.txt", Train));
        string message = Assert.Throws<UserException>(() => set.Open()).Message;
        Assert.EndsWith("holds several data sets of captions, in coco/precomp/ and f30k/precomp/; name the folder of one.", message);
    }

    private static (string Name, string Text)[] With(params (string Name, string Text)[] changed) => [.. Files.Where(file => changed.All(other => other.Name != file.Name)), .. changed];
}
