using System.IO.Compression;
using System.Text;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Tests.Shared.DataSets;

/// <summary>A small data set on disk: files with their text, as a folder or as a zip.</summary>
public sealed class TemporaryDataSet : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unipt-data-").FullName;

    private TemporaryDataSet()
    {
    }

    public string Root => Path.Combine(_folder, "set");

    public string Zip => Path.Combine(_folder, "set.zip");

    /// <summary>Writes files; an image needs no real content here.</summary>
    public static TemporaryDataSet Of(params (string Name, string Text)[] files)
    {
        var set = new TemporaryDataSet();
        Directory.CreateDirectory(set.Root);
        foreach ((string name, string text) in files)
        {
            set.Write(name, Encoding.UTF8.GetBytes(text));
        }

        return set;
    }

    public void Write(string name, byte[] bytes)
    {
        string path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Puts the folder's files into the zip.</summary>
    public void Pack(CompressionLevel compression, string below = "")
    {
        using ZipArchive archive = ZipFile.Open(Zip, ZipArchiveMode.Create);
        foreach (string path in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories))
        {
            archive.CreateEntryFromFile(path, below + Path.GetRelativePath(Root, path).Replace('\\', '/'), compression);
        }
    }

    public ImageCaptionDataSet Open(long seed = 0) => ImageCaptionDataSet.Open(Root, seed);

    /// <summary>The lines of the error that opening the folder gives, without the path.</summary>
    public string[] Problems() => Problems(Root);

    public string[] Problems(string path) =>
        Assert.Throws<DataSetException>(() => ImageCaptionDataSet.Open(path, 0)).Message
            .Replace(path, "SET").Split("\n  ");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
