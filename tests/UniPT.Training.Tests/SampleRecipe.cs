using UniPT.Testing;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests;

/// <summary>A recipe of the emoji folder, cut down to a few small pictures.</summary>
internal static class SampleRecipe
{
    internal static Recipe Load(string data, string name, params string[] more) => Recipe.Load(
        Path.Combine(RepositoryPaths.Root, "recipes", "emoji-small", $"{name}.yaml"),
        overrides: [$"data.path={data}", "data.image_size=32", "task.embedding=16", "threads=1", "train.batch_size=4", "train.epochs=3", "train.warmup_steps=0", .. more]);
}
