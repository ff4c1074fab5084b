using UniPT.Testing;
using UniPT.Training.Recipes;
using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Tests.Recipes;

/// <summary>A folder with a valid recipe and the files that it names.</summary>
internal sealed class RecipeFolder : IDisposable
{
    internal const string Valid = """
        name: sample
        task:
          name: retrieval
        data:
          path: pictures
        backbones:
          image:
            architecture: mobilenet_v2
            weights: image.safetensors
          text:
            architecture: use_lite
            weights: text.safetensors
            vocabulary: vocabulary.json
        method:
          name: wide
          width: 64
        train:
          epochs: 3
          batch_size: 8

        """;

    private readonly TemporaryFolder _folder = new();

    internal RecipeFolder()
    {
        Directory.CreateDirectory(_folder.File("pictures"));
        foreach (string name in new[] { "image.safetensors", "text.safetensors", "vocabulary.json" })
        {
            File.WriteAllText(_folder.File(name), "");
        }
    }

    internal string FullName => _folder.FullName;

    internal string PathOf(string name) => _folder.File(name);

    internal Recipe Parse(string text, params string[] overrides) =>
        RecipeReader.Parse(text, "recipe.yaml", FullName, SampleMethods.Catalog, [.. overrides.Select(given => OptionOverride.Parse(given, FullName))]);

    /// <summary>The message of a recipe that is refused.</summary>
    internal string Refused(string text, params string[] overrides) =>
        Assert.Throws<UserException>(() => Parse(text, overrides)).Message;

    public void Dispose() => _folder.Dispose();
}
