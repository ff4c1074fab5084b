namespace UniPT.Tasks.Tests.Published;

/// <summary>The experiments of the paper as recipes, at their published size.</summary>
public sealed class PublishedRecipesTests
{
    private const int Recipes = 154;

    [Fact]
    public void Count()
    {
        foreach (string recipe in PublishedModel.Recipes())
        {
            try
            {
                using var model = new PublishedModel(recipe);
                Console.WriteLine($"XX {recipe} {model.Trained}");
            }
            catch (Exception e)
            {
                Console.WriteLine($"XX {recipe} {e.Message}");
            }
        }
    }
}
