using UniPT.Backbones.Bert;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Tests.Texts;

/// <summary>The recipes of texts, cut down to a few rows and a small BERT of random weights.</summary>
internal static class TextsSample
{
    internal const int Positions = 24;
    internal const int TrainRows = 24;
    internal const int BatchSize = 8;

    private static readonly string Vocabulary = Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "tokenizers", "bert-base-uncased.vocab.txt.gz");

    /// <summary>Writes the first rows of two classes of the texts that come along, each split by its share.</summary>
    internal static string WriteData(TemporaryFolder folder)
    {
        string[] rows = File.ReadAllLines(Path.Combine(RepositoryPaths.Data, "emoji-texts.csv"));
        string path = folder.File("texts.csv");
        IEnumerable<string> Of(string split, int count) => ((string[])["food", "time"]).SelectMany(label =>
            rows.Where(row => row.Contains($",{label},{split},")).Take(count / 2));
        File.WriteAllLines(path, [rows[0], .. Of("train", TrainRows), .. Of("val", 8), .. Of("test", 12)]);
        return path;
    }

    /// <summary>A recipe of <c>recipes/texts</c> on these data, one thread, three epochs.</summary>
    internal static Recipe Load(TemporaryFolder folder, string name, string data, params string[] more)
    {
        string weights = folder.File("bert.safetensors");
        if (!File.Exists(weights))
        {
            Weights fresh = Weights.Fresh(3);
            using WeightStore store = fresh.Store;
            _ = new BertEncoder(fresh, new BertConfig { Width = 64, Layers = 3, Heads = 1, FeedForward = 64, Positions = Positions });
            SafetensorsWriter.Write(weights, store.State());
        }

        return Recipe.Load(Path.Combine(RepositoryPaths.Root, "recipes", "texts", $"{name}.yaml"), overrides:
        [
            $"data.path={data}", $"backbones.text.weights={weights}", $"backbones.text.vocabulary={Vocabulary}", "threads=1", $"train.batch_size={BatchSize}", "train.epochs=3",
            "train.warmup_steps=0", .. more,
        ]);
    }
}
