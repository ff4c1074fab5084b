using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Tests.Shared.DataSets;

namespace UniPT.Tasks.Tests.Retrieval.Data;

public sealed class KarpathyFileTests
{
    private const string Good = """
        {"dataset": "coco", "images": [
        {"filepath": "val2014", "filename": "a.jpg", "split": "train", "imgid": 0, "cocoid": 391, "sentids": [70], "sentences": [{"tokens": ["a"], "raw": " A cat. \n", "sentid": 70}]},
        {"filepath": "val2014", "filename": "b.jpg", "split": "restval", "imgid": 1, "sentences": [{"tokens": ["two", "dogs"]}, {"raw": "Two dogs"}, {"raw": "Two dogs"}]},
        {"filename": "c.jpg", "split": "val", "sentences": [{"raw": "c1"}, {"raw": "c2"}, {"raw": "c3"}, {"raw": "c4"}, {"raw": "c5"}]},
        {"filename": "d.jpg", "split": "test", "sentences": [{"raw": "d"}]}
        ], "info": {"x": [1]}}
        """;

    private static readonly (string Name, string Text)[] Pictures =
        [("images/val2014/a.jpg", "bytes of a"), ("images/val2014/b.jpg", "bytes of b"), ("images/c.jpg", "bytes of c"), ("images/d.jpg", "bytes of d")];

    [Fact]
    public void EntriesAreReadAndRestvalIsForTraining()
    {
        using var set = TemporaryDataSet.Of([("dataset_coco.json", Good), .. Pictures]);
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal(["A cat."], data.Train.Images[0].Captions);
        Assert.Equal(["two dogs", "Two dogs", "Two dogs"], data.Train.Images[1].Captions);
        Assert.Equal(("391", "70"), (data.Train.Images[0].Id, data.Train.Images[0].CaptionIds![0]));
        Assert.Equal(("1", null), (data.Train.Images[1].Id, data.Train.Images[1].CaptionIds));
        Assert.Equal(5, Assert.Single(data.Val.Images).Captions.Count);
        Assert.Equal("bytes of d"u8, data.Test.ReadImage(0));
        Assert.Equal("in Karpathy's JSON", data.Format);
        Assert.Equal(
            ["2 pictures in train of dataset_coco.json have 1 to 3 captions and not five.", "1 picture in test of dataset_coco.json has 1 captions and not five."], data.Notices);
    }

    [Fact]
    public void TheFileItselfMayBeNamedAndThePicturesLieElsewhere()
    {
        using var set = TemporaryDataSet.Of(("dataset_coco.json", Good), ("dataset_flickr30k.json", Good.Replace("\"coco\"", "\"flickr30k\"", StringComparison.Ordinal)));
        using var pictures = TemporaryDataSet.Of(Pictures);
        string file = Path.Combine(set.Root, "dataset_coco.json");
        using ImageCaptionDataSet data = ImageCaptionDataSet.Open(file, 0, null, pictures.Root, regions: false);
        Assert.Equal(2, data.Train.Images.Count);
        Assert.True(ImageCaptionDataSet.IsOne(file));
        Assert.Contains("dataset_coco.json: names pictures such as val2014/a.jpg, none of which is in", Assert.Throws<DataSetException>(() => ImageCaptionDataSet.Open(file, 0)).Message);
        string message = Assert.Throws<UserException>(() => set.Open()).Message;
        Assert.EndsWith("holds several data sets, dataset_coco.json and dataset_flickr30k.json; name one of these files, and its pictures with data.images.", message);
    }

    [Theory]
    [InlineData("d.jpg\", \"split", "never.jpg\", \"split", "dataset.json:5 images[3]: names the picture images/never.jpg, which does not exist")]
    [InlineData("\"split\": \"test\"", "\"split\": \"exam\"", "dataset.json:5 images[3]: d.jpg: its split is exam; expected train, restval, val or test")]
    [InlineData("\"filename\": \"d.jpg\", ", "", "dataset.json:5 images[3]: has no filename (a string)")]
    [InlineData("[{\"raw\": \"d\"}]", "[]", "dataset.json:5 images[3]: d.jpg: has no sentences")]
    [InlineData("[{\"raw\": \"d\"}]", "[{\"raw\": 3}]", "dataset.json:5 images[3]: d.jpg: has a sentence without raw text or tokens")]
    [InlineData("[{\"raw\": \"d\"}]", "[{\"raw\": \"d\" \"x\"}]", "dataset.json:5: is not valid JSON (byte 66)")]
    [InlineData("d.jpg\", \"split\": \"test\"", "c.jpg\", \"split\": \"val\"", "dataset.json:5 images[3]: names images/c.jpg again, after dataset.json:4 images[2]")]
    [InlineData("{\"filename\": \"d.jpg\"", "7, {\"filename\": \"d.jpg\"", "dataset.json:5 images[3]: is not a JSON object but Number")]
    [InlineData("\"info\": {\"x\": [1]}}", "\"info\"", "dataset.json:6: is not valid JSON (byte 10)")]
    public void EveryProblemIsNamedByItsLine(string what, string with, string problem)
    {
        Assert.Contains(what, Good);
        using var set = TemporaryDataSet.Of([("dataset.json", Good.Replace(what, with, StringComparison.Ordinal)), .. Pictures]);
        Assert.Contains(problem, set.Problems());
    }

    [Fact]
    public void BadEntriesAreLeftOutWhereThatIsAskedFor()
    {
        using var set = TemporaryDataSet.Of([("dataset.json", Good.Replace("d.jpg", "never.jpg", StringComparison.Ordinal)), .. Pictures[..3], ("images/d.jpg", "no picture")]);
        var error = Assert.Throws<DataSetException>(() => ImageCaptionDataSet.Open(set.Root, 0, new PictureCheck(1, SkipBad: true)));
        Assert.DoesNotContain("never.jpg", error.Message); // none of these bytes is a picture, so nothing is left to train on
    }

    /// <summary>COCO's own captions have a list of images too, and the standard layout is JSON.</summary>
    [Theory]
    [InlineData("{\"images\": [{\"file_name\": \"a.jpg\", \"id\": 1}], \"annotations\": []}")]
    [InlineData("[{\"file_name\": \"a.png\", \"caption\": \"x\"}]")]
    [InlineData("{\"images\": 3}")]
    [InlineData("{\"images\": [")]
    [InlineData("")]
    public void OtherJsonIsNot(string text) => Assert.False(KarpathyFile.Is(System.Text.Encoding.UTF8.GetBytes(text)));
}
