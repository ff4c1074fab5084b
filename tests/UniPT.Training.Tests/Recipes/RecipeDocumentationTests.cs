using UniPT.Testing;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Recipes;

public sealed class RecipeDocumentationTests
{
    [Fact]
    public void The_committed_reference_is_what_the_code_says()
    {
        string file = Path.Combine(RepositoryPaths.Root, "docs", "recipes.md");
        string expected = RecipeReference.Markdown(Catalog.Recipes);
        if (Environment.GetEnvironmentVariable("UNIPT_UPDATE_DOCS") == "1")
        {
            AtomicFile.WriteText(file, expected);
        }

        Assert.True(
            File.Exists(file) && File.ReadAllText(file) == expected,
            "docs/recipes.md is not what the option records say; run the tests with UNIPT_UPDATE_DOCS=1 to write it.");
    }
}
