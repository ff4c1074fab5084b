using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;

namespace UniPT.Tasks.Tests.Retrieval.Data;

public sealed class RegionRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _train;

    public RegionRowsTests()
    {
        RetrievalSample.WriteData(_folder.File("data"), regions: true);
        _train = _folder.File("data", "precomp", "train_ims.npy");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Neither ids nor pictures are there; <c>dev</c> has a row for every caption.</summary>
    [Fact]
    public void RegionsStandInThePlaceOfPictures()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using ImageCaptionDataSet data = Open();
        Assert.Equal((RetrievalSample.TrainPictures, RetrievalSample.ValPictures, RetrievalSample.TestPictures), (data.Train.Images.Count, data.Val.Images.Count, data.Test.Images.Count));
        Assert.Equal([0, 5, 10], data.Val.Images.Take(3).Select(image => image.Row));
        Tensor regions = data.Val.ReadRegions([1, 0]);
        Assert.Equal([2, 4, 2048], regions.shape);
        Assert.Equal(ScalarType.Float32, regions.dtype);
        Assert.Equal(4f, regions[0, 0].topk(2).values.sum().ToSingle());
        Assert.Equal("in VSE∞'s layout, with precomputed regions", data.Format);
        Assert.Contains("has features of regions and no picture 0, which cannot be shown", Assert.Throws<UserException>(() => data.Train.ReadImage(0)).Message);
        Assert.Empty(data.Notices);
    }

    [Fact]
    public void OtherNumbersAreOtherData()
    {
        using ImageCaptionDataSet before = Open();
        byte[] bytes = File.ReadAllBytes(_train);
        bytes[^1] ^= 1;
        File.WriteAllBytes(_train, bytes);
        using ImageCaptionDataSet after = Open();
        Assert.NotEqual(before.Fingerprint, after.Fingerprint);
    }

    [Fact]
    public void IdsGiveNamesAndTellPicturesOfTwoSplits()
    {
        File.WriteAllLines(_folder.File("data", "precomp", "train_ids.txt"), Enumerable.Range(1, RetrievalSample.TrainPictures).Select(id => $"{id}"));
        File.WriteAllLines(_folder.File("data", "precomp", "test_ids.txt"), Enumerable.Range(39, RetrievalSample.TestPictures).Select(id => $"{id}"));
        using ImageCaptionDataSet data = Open();
        Assert.StartsWith("2 pictures of data are in another split too, such as 39; figures", Assert.Single(data.Notices));
    }

    [Fact]
    public void AMissingArrayIsNamed()
    {
        File.Delete(_train);
        Assert.Contains("\n  precomp/train_ims.npy: does not exist; the regions of its split were expected there", Refusal());
    }

    [Fact]
    public void RowsMustFitTheCaptions()
    {
        NpyWriter.Write(_train, new float[3 * 2 * 2048], 3, 2, 2048);
        Assert.Contains("precomp/train_ims.npy: has 3 rows; expected 40, one for every picture of precomp/train_caps.txt, or 200, one for every caption", Refusal());
        File.AppendAllText(_folder.File("data", "precomp", "train_caps.txt"), "one more\n");
        Assert.Contains("precomp/train_caps.txt: has 201 captions; expected five for every picture", Refusal());
    }

    [Theory]
    [InlineData("<f4", new[] { 40, 2, 1024 }, "has the shape [40, 2, 1024]; expected [pictures, regions, 2048] with 1 to 1000 regions, such as 36")]
    [InlineData("<f4", new[] { 40, 2048 }, "has the shape [40, 2048]; expected [pictures, regions, 2048]")]
    [InlineData("<i8", new[] { 40, 2, 2048 }, "holds values of the type <i8; expected floating-point numbers in little-endian order")]
    public void AnotherShapeOrTypeIsRefused(string type, int[] shape, string problem)
    {
        NpyWriter.Write(_train, type, new byte[shape.Aggregate(1, (all, size) => all * size) * (type == "<i8" ? 8 : 4)], shape);
        Assert.Contains($"precomp/train_ims.npy: {problem}", Refusal());
    }

    [Fact]
    public void ABrokenArrayIsRefused()
    {
        File.WriteAllBytes(_train, File.ReadAllBytes(_train)[..^10]);
        Assert.Contains("precomp/train_ims.npy: is not a valid array of NumPy: it has", Refusal());
    }

    [Fact]
    public void AFolderWithoutIsRefused()
    {
        File.Delete(_folder.File("data", "precomp", "train_caps.txt"));
        File.Delete(_folder.File("data", "precomp", "dev_caps.txt"));
        File.Delete(_folder.File("data", "precomp", "test_caps.txt"));
        Assert.Contains(
            "has no captions with precomputed regions; expected a folder with precomp/train_caps.txt and precomp/train_ims.npy.", Assert.Throws<UserException>(Open).Message);
    }

    private string Refusal() => Assert.Throws<DataSetException>(Open).Message;

    private ImageCaptionDataSet Open() => ImageCaptionDataSet.Open(_folder.File("data"), 0, null, null, regions: true);
}
