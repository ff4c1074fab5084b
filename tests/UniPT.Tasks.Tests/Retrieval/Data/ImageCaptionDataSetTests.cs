using System.IO.Compression;
using System.Text;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Tests.Shared.DataSets;
using UniPT.Testing;

namespace UniPT.Tasks.Tests.Retrieval.Data;

public class ImageCaptionDataSetTests
{
    private static readonly (string Name, string Text)[] Files =
    [
        ("train/metadata.jsonl", """
            {"file_name": "b.png", "captions": ["second", " two words "], "other": {"x": 1}}
            {"file_name": "sub/a.JPG", "text": "first"}
            """),
        ("train/b.png", "bytes of b"),
        ("train/sub/a.JPG", "bytes of a"),
        ("validation/c.webp", "bytes of c"),
        ("validation/c.txt", "one\r\ntwo\r\n\r\n"),
        ("LICENSE.txt", "not a caption"),
        ("train/._b.png", "hidden"),
    ];

    [Fact]
    public void SplitsAreReadFromAFolder()
    {
        using var set = TemporaryDataSet.Of(Files);
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal(["b.png", "sub/a.JPG"], data.Train.Images.Select(image => image.Name));
        Assert.Equal(["second", "two words"], data.Train.Images[0].Captions);
        Assert.Equal(["first"], data.Train.Images[1].Captions);
        Assert.Equal(["c.webp"], data.Val.Images.Select(image => image.Name));
        Assert.Equal(["one", "two"], data.Val.Images[0].Captions);
        Assert.Empty(data.Test.Images);
        Assert.Equal("bytes of a"u8, data.Train.ReadImage(1));
        Assert.Equal("bytes of c"u8, data.Val.ReadImage(0));
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression, "")]
    [InlineData(CompressionLevel.SmallestSize, "")]
    [InlineData(CompressionLevel.NoCompression, "wrapped/")]
    public void AZipIsTheSameDataSet(CompressionLevel compression, string below)
    {
        using var set = TemporaryDataSet.Of(Files);
        set.Pack(compression, below);
        using ImageCaptionDataSet folder = set.Open();
        using ImageCaptionDataSet zip = ImageCaptionDataSet.Open(set.Zip, 0);
        Assert.Equal(folder.Fingerprint, zip.Fingerprint);
        Assert.Equal("bytes of a"u8, zip.Train.ReadImage(1));
    }

    [Theory]
    [InlineData("val")]
    [InlineData("valid")]
    [InlineData("dev")]
    [InlineData("Validation")]
    public void ValidationHasSeveralNames(string name)
    {
        using var set = TemporaryDataSet.Of(
            ("Train/a.png", "a"), ("Train/a.txt", "a"), ($"{name}/b.png", "b"), ($"{name}/b.txt", "b"));
        using ImageCaptionDataSet data = set.Open();
        Assert.Equal("b.png", Assert.Single(data.Val.Images).Name);
        Assert.Equal("a.png", Assert.Single(data.Train.Images).Name);
    }

    [Fact]
    public void WithoutSplitsImagesAreDividedBySeed()
    {
        using var set = TemporaryDataSet.Of();
        var lines = new List<string>();
        for (int i = 0; i < 40; i++)
        {
            lines.Add($$"""{"file_name": "{{i}}.png", "text": "caption {{i}}"}""");
            set.Write($"{i}.png", [1]);
        }

        set.Write("metadata.jsonl", Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        using ImageCaptionDataSet data = set.Open(seed: 1);
        Assert.Equal((32, 4, 4), (data.Train.Images.Count, data.Val.Images.Count, data.Test.Images.Count));
        Assert.Equal(40, data.Train.Images.Concat(data.Val.Images).Concat(data.Test.Images).Distinct().Count());

        lines.Reverse();
        set.Write("metadata.jsonl", Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        using ImageCaptionDataSet reversed = set.Open(seed: 1);
        Assert.Equal(data.Fingerprint, reversed.Fingerprint);

        using ImageCaptionDataSet other = set.Open(seed: 2);
        Assert.NotEqual(data.Fingerprint, other.Fingerprint);
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 2, 0)]
    [InlineData(3, 1, 1)]
    [InlineData(29, 25, 2)]
    public void SmallSetsKeepSomethingToTrainOn(int images, int train, int held)
    {
        CaptionedImage[][] splits =
            SeededSplit.Of([.. Enumerable.Range(0, images).Select(i => new CaptionedImage($"{i}", ["x"]))], image => image.Name, 0);
        Assert.Equal([train, held, held], splits.Select(split => split.Length));
    }

    [Theory]
    [InlineData("train/b.png", "bytes of b!")]
    [InlineData("train/b.png", "bytes of B")]
    [InlineData("validation/c.txt", "one\nthree")]
    [InlineData("validation/c.txt", "two\none")]
    public void TheFingerprintFollowsTheData(string name, string text)
    {
        using var set = TemporaryDataSet.Of(Files);
        using ImageCaptionDataSet before = set.Open();
        set.Write(name, Encoding.UTF8.GetBytes(text));
        using ImageCaptionDataSet after = set.Open();
        Assert.Matches("^[0-9a-f]{64}$", before.Fingerprint);
        Assert.NotEqual(before.Fingerprint, after.Fingerprint);
    }

    /// <summary>A set that moved is the same; nothing of its place goes into the fingerprint.</summary>
    [Fact]
    public void TheFingerprintStaysWhereTheDataMove()
    {
        using var set = TemporaryDataSet.Of(Files);
        using var other = TemporaryDataSet.Of([.. Files.Select(file => ($"deep/er/{file.Name}", file.Text))]);
        using ImageCaptionDataSet here = set.Open();
        using ImageCaptionDataSet there = other.Open();
        Assert.Equal(here.Fingerprint, there.Fingerprint);
    }

    [Fact]
    public void LinksAreFollowedButNotBackAndNotToNowhere()
    {
        using var set = TemporaryDataSet.Of(("real/train/a.txt", "caption"), ("real/train/b.png", "b"), ("real/train/b.txt", "b"), ("blob", "bytes of a"), ("pictures/c.png", "c"), ("pictures/c.txt", "c"));
        Directory.CreateSymbolicLink(Path.Combine(set.Root, "real/train/up"), "..");
        File.CreateSymbolicLink(Path.Combine(set.Root, "real/train/a.png"), "../../blob");
        File.CreateSymbolicLink(Path.Combine(set.Root, "real/train/lost.png"), "../../nothing");
        File.CreateSymbolicLink(Path.Combine(set.Root, "real/train/round.png"), "round.png");
        Directory.CreateSymbolicLink(Path.Combine(set.Root, "real/train/images"), "../../pictures");
        Directory.CreateDirectory(Path.Combine(set.Root, "set"));
        Directory.CreateSymbolicLink(Path.Combine(set.Root, "set/train"), "../real/train");
        using ImageCaptionDataSet data = ImageCaptionDataSet.Open(Path.Combine(set.Root, "set"), 0);
        CaptionedImage[] images = [.. data.Train.Images, .. data.Val.Images];
        Assert.Equal(["a.png", "b.png", "images/c.png"], images.Select(image => image.Name).Order());
        Assert.Equal("train/lost.png of set is a link that leads nowhere (to ../../nothing); so it is with 2 more.", data.Notices[0]);
    }

    [Fact]
    public void ALinkThatLeadsNowhereIsNamedWhereItIsNeeded()
    {
        using var set = TemporaryDataSet.Of(("train/metadata.jsonl", """{"file_name": "a.png", "text": "x"}"""));
        File.CreateSymbolicLink(Path.Combine(set.Root, "train/a.png"), "/nowhere/a.png");
        Assert.Contains("train/metadata.jsonl:1: image a.png is a link that leads nowhere (to /nowhere/a.png)", set.Problems());
    }

    [Fact]
    public void AFileThatGoesAwayIsNamed()
    {
        using var set = TemporaryDataSet.Of(Files);
        using ImageCaptionDataSet data = set.Open();
        File.Delete(Path.Combine(set.Root, "train/b.png"));
        set.Write("train/sub/a.JPG", new byte[1000]);
        Assert.Contains("train/b.png", Assert.Throws<UserException>(() => data.Train.ReadImage(0)).Message);
        Assert.Contains("train/sub/a.JPG", Assert.Throws<UserException>(() => data.Train.ReadImage(1)).Message);
    }

    [Fact]
    public void TheEmojiSetIsReadByManyThreads()
    {
        string path = Path.Combine(RepositoryPaths.Data, "emoji-noto.zip");
        using ImageCaptionDataSet data = ImageCaptionDataSet.Open(path, 0);
        ImageCaptionSplit[] splits = [data.Train, data.Val, data.Test];
        Assert.Equal([1311, 150, 400], splits.Select(split => split.Images.Count));
        Assert.All(splits, split => Assert.All(split.Images, image => Assert.Equal(5, image.Captions.Count)));
        long sum = 0;
        Parallel.For(0, 1311, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            byte[] bytes = data.Train.ReadImage(i);
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], bytes[..4]);
            Assert.Equal("IEND"u8, bytes[^8..^4]);
            Interlocked.Add(ref sum, bytes.Length);
        });
        using ZipArchive archive = ZipFile.OpenRead(path);
        IEnumerable<ZipArchiveEntry> entries =
            archive.Entries.Where(entry => entry.FullName.StartsWith("train/") && entry.Name.EndsWith(".png"));
        Assert.Equal(entries.Sum(entry => entry.Length), sum);
    }
}
