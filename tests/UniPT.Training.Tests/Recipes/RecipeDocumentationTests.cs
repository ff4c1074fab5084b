using UniPT.Testing;

namespace UniPT.Training.Tests.Recipes;

public sealed class RecipeDocumentationTests
{
    [Fact]
    public void The_committed_reference_is_what_the_code_says() => CommittedPage.Check(
        Path.Combine(RepositoryPaths.Root, "docs", "recipes.md"), RecipeReference.Markdown(Catalog.Recipes), "the option records");
}
