using UniPT.Torch;
using UniPT.Training.Recipes;
using UniPT.Training.Runs;
using UniPT.Training.Tests.Recipes;

namespace UniPT.Training.Tests.Runs;

public sealed class RunInputsTests : IDisposable
{
    private readonly RecipeFolder _recipes = new();

    public void Dispose() => _recipes.Dispose();

    [Theory]
    [InlineData("vocab.txt")]
    [InlineData("vocab.json")]
    [InlineData("merges.txt")]
    [InlineData("tokenizer.json")]
    [InlineData("bpe_simple_vocab_16e6.txt.gz")]
    [InlineData("bpe_simple_vocab_16e6.txt")]
    public void Notes_a_vocabulary_in_a_folder_and_nothing_else_that_lies_there(string name)
    {
        Directory.CreateDirectory(_recipes.PathOf("vocabulary"));
        File.WriteAllText(_recipes.PathOf("vocabulary/README.md"), "not read");
        string file = _recipes.PathOf($"vocabulary/{name}");
        File.WriteAllText(file, "pieces");
        foreach (string weights in new[] { "image.safetensors", "text.safetensors" })
        {
            SafetensorsWriter.Write(_recipes.PathOf(weights), new Dictionary<string, Tensor> { ["weight"] = torch.ones(1) });
        }

        Recipe recipe = _recipes.Parse(RecipeFolder.Valid, "backbones.text.vocabulary=vocabulary");

        Assert.Equal(FileHash.Sha256(file), RunInputs.Of(recipe, "data").Files["backbones.text.vocabulary"]);
    }
}
