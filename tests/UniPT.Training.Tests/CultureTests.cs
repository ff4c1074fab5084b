using UniPT.Testing;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests;

/// <summary>What goes into files and figures is the same on every machine.</summary>
public class CultureTests
{
    /// <summary>A decimal comma; a dotless i; a minus sign that is no hyphen.</summary>
    public static TheoryData<string> Cultures => ["de-DE", "tr-TR", "sv-SE"];

    private static string Data => Path.Combine(RepositoryPaths.Data, "emoji-noto.zip");

    [Theory]
    [MemberData(nameof(Cultures))]
    public void RecipesAreReadAndWrittenAlike(string culture)
    {
        string expected = SampleRecipe.Load(Data, "unipt", "train.learning_rate=0.00125").ToYaml();
        In.Culture(culture, () =>
        {
            Recipe recipe = SampleRecipe.Load(Data, "unipt", "train.learning_rate=0.00125");
            Assert.Equal(0.00125, recipe.Train.LearningRate);
            Assert.Equal(expected, recipe.ToYaml());
            var error = Assert.ThrowsAny<UserException>(() => SampleRecipe.Load(Data, "unipt", "train.learning_rate=1,5"));
            Assert.Contains("learning_rate is 1,5", error.Message);
        });
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void SizesAreReadAlike(string culture) => In.Culture(culture, () => Assert.Equal(1536, ByteSize.Parse("1.5 kib")));
}
