using UniPT.Testing;
using UniPT.Training.Recipes;
using UniPT.Training.Retrieval;

namespace UniPT.Training.Tests.Retrieval;

public sealed class CaptionTokenizerTests
{
    private static readonly TextTowerOptions Options = new()
    {
        Backbone = "use_lite",
        Weights = "",
        Vocabulary = Path.Combine(RepositoryPaths.Models, "use_lite.vocab.json"),
    };

    [Fact]
    public void CaptionsBecomeTheBackbonesIds() => Assert.NotEmpty(CaptionTokenizer.Open(Options).Encode("a red apple"));

    /// <summary>Ids of another vocabulary are in range, so nothing else would notice.</summary>
    [Theory]
    [InlineData("bert")]
    [InlineData("roberta")]
    [InlineData("clip_text")]
    public void ABackboneWithAnotherVocabularyIsRefused(string backbone)
    {
        var error = Assert.Throws<UserException>(() => CaptionTokenizer.Open(Options with { Backbone = backbone }));
        Assert.StartsWith($"text.backbone is {backbone}; captions can be tokenized for use_lite only", error.Message);
    }
}
