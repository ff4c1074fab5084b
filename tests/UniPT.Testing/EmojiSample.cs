using System.IO.Compression;
using System.Text.Json;

namespace UniPT.Testing;

/// <summary>The first few pictures of the emoji data as a folder, to train on within seconds.</summary>
public static class EmojiSample
{
    public const int TrainPictures = 12;
    public const int ValPictures = 4;
    public const int TestPictures = 6;
    public const int Captions = 5;

    /// <summary>Writes the data set into a new folder below <paramref name="folder"/> and returns its path.</summary>
    public static string Write(TemporaryFolder folder, int trainPictures = TrainPictures)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(RepositoryPaths.Data, "emoji-noto.zip"));
        string root = folder.File("data");
        foreach ((string split, int pictures) in new[] { ("train", trainPictures), ("val", ValPictures), ("test", TestPictures) })
        {
            Directory.CreateDirectory(Path.Combine(root, split));
            using var metadata = new StreamReader(archive.GetEntry($"{split}/metadata.jsonl")!.Open());
            string[] lines = [.. Enumerable.Range(0, pictures).Select(_ => metadata.ReadLine()!)];
            File.WriteAllLines(Path.Combine(root, split, "metadata.jsonl"), lines);
            foreach (string line in lines)
            {
                string name = JsonDocument.Parse(line).RootElement.GetProperty("file_name").GetString()!;
                archive.GetEntry($"{split}/{name}")!.ExtractToFile(Path.Combine(root, split, name));
            }
        }

        return root;
    }
}
