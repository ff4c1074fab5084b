using UniPT.Tasks.Retrieval.Data;
using UniPT.Testing;
using UniPT.Testing.Published;

namespace UniPT.Tasks.Tests.Retrieval.Data;

public sealed class DataSetDescriptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void PicturesInThePublishedLayout()
    {
        RetrievalSample.WriteData(_folder.File("f30k"));
        IReadOnlyList<string> lines = DataSetDescription.Of(_folder.File("f30k"), skipBad: false)!;
        Assert.Equal(
        [
            $"{_folder.File("f30k")} is a data set of pictures and captions in VSE∞'s layout:",
            "  train       40 pictures,      200 captions  from precomp/train_caps.txt",
            "  val         12 pictures,       60 captions  from precomp/dev_caps.txt",
            "  test        20 pictures,      100 captions  from precomp/test_caps.txt",
        ], lines.Take(4));
        Assert.Matches(@"^  captions of \d to \d\d words, \d\.\d on average$", lines[4]);
        Assert.StartsWith("  for example 1000000007.jpg: a ", lines[^1]);
    }

    [Fact]
    public void RegionsInThePublishedLayout()
    {
        RetrievalSample.WriteData(_folder.File("f30k"), regions: true);
        IReadOnlyList<string> lines = DataSetDescription.Of(_folder.File("f30k"), skipBad: false)!;
        Assert.Equal($"{_folder.File("f30k")} is a data set of pictures and captions in VSE∞'s layout, with precomputed regions:", lines[0]);
        Assert.Equal("  train       40 pictures,      200 captions  from precomp/train_caps.txt, regions [40, 4, 2048] float16", lines[1]);
        Assert.Equal("  val         12 pictures,       60 captions  from precomp/dev_caps.txt, regions [60, 4, 2048] float16", lines[2]);
    }

    [Fact]
    public void OtherPathsAreNone()
    {
        Directory.CreateDirectory(_folder.File("empty"));
        File.WriteAllText(_folder.File("some.json"), "{}");
        Assert.Null(DataSetDescription.Of(_folder.File("empty"), skipBad: false));
        Assert.Null(DataSetDescription.Of(_folder.File("some.json"), skipBad: false));
        Assert.Null(DataSetDescription.Of(_folder.File("nowhere"), skipBad: false));
    }
}
