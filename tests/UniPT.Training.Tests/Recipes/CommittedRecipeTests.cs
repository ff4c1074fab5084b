using UniPT.Testing;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Recipes;

public sealed class CommittedRecipeTests
{
    private const int Expected = 17;

    [Fact]
    public void Every_recipe_loads()
    {
        string[] files = Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "recipes"), "*.yaml", SearchOption.AllDirectories);

        Assert.Equal(Expected, files.Length);
        Assert.All(files, file => Assert.NotEmpty(Recipe.Load(file).Name));
    }
}
