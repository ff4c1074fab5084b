using UniPT.Testing;
using UniPT.Testing.Published;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>Pictures and captions as Flickr30K and MS-COCO are published.</summary>
public sealed class PublishedRetrievalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryFormatIsInspected()
    {
        RetrievalSample.WriteData(_folder.File("f30k"));
        Assert.Contains("is a data set of pictures and captions in VSE∞'s layout:", Tool.Run("inspect", _folder.File("f30k")).Output);

        string pictures = Path.GetFileName(Directory.GetFiles(_folder.File("f30k", "flickr30k-images"))[0]);
        string table = _folder.File("f30k", "dataset_flickr30k.json");
        File.WriteAllText(table, $$"""{"images": [{"filename": "{{pictures}}", "split": "train", "sentences": [{"raw": "a cat"}]}], "dataset": "flickr30k"}""");
        Assert.Contains("is a data set of pictures and captions in Karpathy's JSON:", Tool.Run("inspect", table).Output);

        File.WriteAllText(_folder.File("f30k", "precomp", "train_ids.txt"), "7\nx\n");
        ToolResult refused = Tool.Run("inspect", _folder.File("f30k"));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("precomp/train_ids.txt: has 2 ids and precomp/train_caps.txt has 200 captions", refused.Error);
    }
}
