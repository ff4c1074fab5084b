using UniPT.Backbones.Pretrained;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Testing;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Tests.Shared.Inputs;

public sealed class TextTokenizerTests
{
    private static readonly BackboneOptions Options = new()
    {
        Architecture = "use_lite",
        Weights = "",
        Vocabulary = Path.Combine(RepositoryPaths.Models, "use_lite.vocab.json"),
    };

    [Fact]
    public void TextsBecomeTheBackbonesIds() => Assert.NotEmpty(TextTokenizer.Open(Options).Encode("a red apple"));

    [Fact]
    public void AModelBringsItsVocabulary()
    {
        BackboneOptions pretrained = new() { Architecture = "bert", Weights = "minilm_l6" };
        Assert.Equal([101, 1037, 2417, 6207, 102], TextTokenizer.Open(pretrained).Encode("A red apple"));
        Assert.Equal([101, 1037, 2417, 6207, 102], TextTokenizer.Open(pretrained with { Weights = Path.Combine(PretrainedModels.VocabularyOf("minilm_l6"), "model.safetensors") }).Encode("A red apple"));
    }

    [Fact]
    public void WordsAreVariedWhereTheVocabularyHasAMask()
    {
        var error = Assert.Throws<UserException>(() => TextTokenizer.Open(Options).Varied(0.2, seed: 1, "data.caption_word_drop"));
        Assert.Equal($"data.caption_word_drop is 0.2; expected 0 because the vocabulary {Options.Vocabulary} has no mask token.", error.Message);
        Func<string, int, int, int[]> varied = TextTokenizer.Open(new BackboneOptions { Architecture = "bert", Weights = "minilm_l6" }).Varied(0.9, seed: 1, "data.caption_word_drop");
        int[][] drawn = [.. Enumerable.Range(0, 50).Select(epoch => varied("a red apple", epoch, 0))];
        Assert.All(drawn, ids => Assert.Equal((101, 102), (ids[0], ids[^1])));
        Assert.Contains(drawn, ids => ids.Contains(103));
        Assert.Contains(drawn, ids => ids.Length == 2);
    }

    [Fact]
    public void ABackboneThatReadsNoTextIsRefused()
    {
        var error = Assert.Throws<UserException>(() => TextTokenizer.Open(Options with { Architecture = "mobilenet_v2" }));
        Assert.Equal("The backbone mobilenet_v2 has no tokenizer; bert, clip_text, clip_vil, gru, lstm, mdetr, roberta, t5, use_lite have one.", error.Message);
    }
}
