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

    [Fact]
    public void ABackboneThatReadsNoTextIsRefused()
    {
        var error = Assert.Throws<UserException>(() => CaptionTokenizer.Open(Options with { Backbone = "mobilenet_v2" }));
        Assert.Equal("The backbone mobilenet_v2 has no tokenizer; bert, clip_text, roberta, use_lite have one.", error.Message);
    }
}
