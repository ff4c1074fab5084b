namespace UniPT.Cli.Tests.EndToEnd;

/// <summary>The arguments of a training run that takes seconds.</summary>
internal static class SampleTraining
{
    internal static string[] Arguments(string data, string run, params string[] more) =>
    [
        "train", "recipes/emoji-small/unipt.yaml", "--out", run,
        "--set", $"data.path={data}", "--set", "data.image_size=64", "--set", "threads=1",
        "--set", "train.batch_size=4", "--set", "train.epochs=3", .. more,
    ];
}
