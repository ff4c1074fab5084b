using UniPT.Backbones.Layers;
using UniPT.Backbones.Recurrent;
using UniPT.Backbones.Whisper;
using UniPT.Testing;
using UniPT.Torch;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Tests.Sounds;

/// <summary>Words of two tones that are made here, and small backbones of random weights.</summary>
internal static class SoundsSample
{
    internal const int TrainRecordings = 18;
    internal const int BatchSize = 6;
    private const int Bands = 16;
    private static readonly (string Label, double First, double Second)[] Words = [("down", 1600, 400), ("low", 300, 300), ("up", 400, 1600)];

    /// <summary>Recordings of three labels, each a pair of tones of some height and length, in folders by split and label.</summary>
    internal static string WriteData(TemporaryFolder folder)
    {
        foreach ((string split, int count, int first) in new[] { ("train", TrainRecordings / 3, 0), ("val", 2, 50), ("test", 4, 100) })
        {
            foreach ((string label, double low, double high) in Words)
            {
                Directory.CreateDirectory(folder.File("sounds", split, label));
                for (int i = 0; i < count; i++)
                {
                    double pitch = 1 + (0.03 * ((first + i) % 7));
                    double seconds = 0.12 + (0.01 * ((first + i) % 5));
                    File.WriteAllBytes(
                        folder.File("sounds", split, label, $"{first + i}.wav"), Waves.Pcm16([.. Waves.Sine(low * pitch, seconds), .. Waves.Sine(high * pitch, seconds)]));
                }
            }
        }

        return folder.File("sounds");
    }

    /// <summary>Writes a backbone of random weights.</summary>
    internal static string Backbone(TemporaryFolder folder, string architecture)
    {
        string path = folder.File($"{architecture}.safetensors");
        if (!File.Exists(path))
        {
            Weights fresh = Weights.Fresh(3);
            using WeightStore store = fresh.Store;
            _ = architecture == "whisper"
                ? new WhisperEncoder(fresh, new WhisperConfig { Bands = Bands, Width = 64, Layers = 2, Heads = 1, FeedForward = 96, Positions = 25 })
                : (UniPT.Backbones.Backbone)new RecurrentEncoder(
                    fresh, new RecurrentConfig { Cell = architecture == "lstm" ? RecurrentCell.Lstm : RecurrentCell.Gru, Input = Bands, Width = 16, Layers = 3, Bidirectional = true });
            SafetensorsWriter.Write(path, store.State());
        }

        return path;
    }

    /// <summary>A recipe of <c>recipes/words</c> on these data, one thread, three epochs.</summary>
    internal static Recipe Load(TemporaryFolder folder, string name, string architecture, string data, params string[] more) => Recipe.Load(
        Path.Combine(RepositoryPaths.Root, "recipes", "words", $"{name}.yaml"),
        overrides:
        [
            $"data.path={data}", $"data.bands={Bands}", "data.seconds=0.5", $"backbones.audio.architecture={architecture}", $"backbones.audio.weights={Backbone(folder, architecture)}",
            "threads=1", $"train.batch_size={BatchSize}", "train.epochs=3", .. more,
        ]);
}
