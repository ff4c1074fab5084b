namespace UniPT.Tasks.Tests.Published;

/// <summary>The experiments of the paper as recipes, at their published size.</summary>
public sealed class PublishedRecipesTests
{
    private const int Expected = 18;

    public static TheoryData<string> All => [.. PublishedModel.Recipes()];

    [Fact]
    public void EveryRecipeIsThere() => Assert.Equal(Expected, PublishedModel.Recipes().Count);

    [Theory]
    [MemberData(nameof(All))]
    public void Count(string recipe)
    {
        using var model = new PublishedModel(recipe);
        Assert.Equal(0, model.Trained);
    }
}
