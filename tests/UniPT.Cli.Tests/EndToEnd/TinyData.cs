using System.IO.Compression;
using System.Text.Json;
using UniPT.Testing;

namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>The first few pictures of the emoji data as a folder, and how to train on them within seconds.</summary>
internal static class TinyData
{
    internal const int TrainPictures = 12;
    internal const int TestPictures = 6;
    private static readonly (string Split, int Pictures)[] Splits = [("train", TrainPictures), ("val", 4), ("test", TestPictures)];

    /// <summary>Writes the data set into a new folder below <paramref name="folder"/> and returns its path.</summary>
    internal static string Write(TemporaryFolder folder)
    {
        using ZipArchive archive = ZipFile.OpenRead(Path.Combine(RepositoryPaths.Data, "emoji-noto.zip"));
        string root = folder.File("data");
        foreach ((string split, int pictures) in Splits)
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

    /// <summary>The arguments of a training run that takes seconds.</summary>
    internal static string[] Train(string data, string run, params string[] more) =>
    [
        "train", "recipes/emoji/unipt.yaml", "--out", run,
        "--set", $"data.path={data}", "--set", "data.image_size=64", "--set", "threads=1",
        "--set", "train.batch_size=4", "--set", "train.epochs=3", .. more,
    ];
}
