using FsCheck;
using FsCheck.Fluent;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Recipes;

public sealed class RecipeProperties : IDisposable
{
    private readonly RecipeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_recipe_written_and_read_again_is_equal() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            Recipe recipe = new RandomRecipe(seed, _folder).Make();
            Recipe again = _folder.Parse(recipe.ToYaml());
            Assert.Equal(recipe, again);
            Assert.Equal(recipe.ToYaml(), again.ToYaml());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_damaged_recipe_is_read_or_refused_but_never_crashes()
    {
        int refused = 0;
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            try
            {
                _folder.Parse(Damage(RecipeFolder.Valid, new System.Random(seed)));
            }
            catch (UserException)
            {
                refused++;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
        Assert.InRange(refused, 500, 2000);
    }

    private static string Damage(string text, System.Random random)
    {
        const string Marks = "{}[]&*!|>'\"%@`#:-?, \n\t\0\\0aé\u2028\ufeff\ud83d";
        char[] characters = text.ToCharArray();
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            characters[random.Next(characters.Length)] = Marks[random.Next(Marks.Length)];
        }

        return new string(characters[..random.Next(characters.Length / 2, characters.Length)]);
    }
}
