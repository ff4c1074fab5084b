using UniPT.Testing;
using UniPT.Training.Recipes;
using UniPT.Training.Studies;
using UniPT.Tuning.UniPT;

namespace UniPT.Training.Tests.Studies;

public sealed class StudyTests : IDisposable
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "recipes", "studies");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EveryVariantRunsWithEverySeed()
    {
        IReadOnlyList<Recipe> recipes = Study.Find("interaction", Folder).Plan(2, ["train.epochs=3"]);
        Assert.Equal(
            ["published", "published", "softmax", "softmax", "attention", "attention", "no-interaction", "no-interaction"], recipes.Select(recipe => recipe.Name));
        Assert.Equal([1, 2, 1, 2, 1, 2, 1, 2], recipes.Select(recipe => recipe.Seed));
        Assert.All(recipes, recipe => Assert.Equal(3, recipe.Train.Epochs));
        Assert.Equal(Interaction.Softmax, ((UniPTOptions)recipes[2].Method.Options).Interaction);
    }

    [Theory]
    [InlineData("interactoin", "There is no study interactoin (did you mean interaction?); expected a study's file or one of across-layers, aggregation,")]
    [InlineData("magic", "There is no study magic; expected a study's file or one of across-layers, aggregation,")]
    public void AnUnknownStudyIsRefusedWithThoseThatThereAre(string name, string message) =>
        Assert.StartsWith(message, Assert.Throws<UserException>(() => Study.Find(name, Folder)).Message);

    [Theory]
    [InlineData("variants: {a: [], b: []}", "study.yaml: recipe is missing")]
    [InlineData("recipe: x.yaml", "study.yaml: variants are missing")]
    [InlineData("recipe: x.yaml\nvariants: {a: []}", "expected at least 2")]
    [InlineData("recipe: x.yaml\nvariants: {a: [], b: seed=1}", "study.yaml:2: the variant b is seed=1; expected a list of key=value in brackets.")]
    [InlineData("recipe: x.yaml\nvariants: {a: [], b: []}\nseeds: 3", "study.yaml:3: seeds is not a part of a study")]
    [InlineData("a list", "study.yaml holds a list")]
    public void AStudyThatIsNoneIsRefused(string text, string message)
    {
        string file = _folder.File("study.yaml");
        File.WriteAllText(file, text);
        Assert.Contains(message, Assert.Throws<UserException>(() => Study.Load(file)).Message);
    }

    [Theory]
    [InlineData("[method.interaction=magic]", "method.interaction is magic; expected one of relu_l1, softmax, attention, none.")]
    [InlineData("[interaction]", "expected key=value")]
    public void AVariantThatIsWrongIsNamed(string overrides, string message)
    {
        string file = _folder.File("study.yaml");
        File.WriteAllText(file, $"recipe: {Path.Combine(RepositoryPaths.Root, "recipes", "emoji-small", "study.yaml")}\nvariants: {{good: [], wrong: {overrides}}}");
        string found = Assert.Throws<UserException>(() => Study.Load(file).Plan(1, [])).Message;
        Assert.StartsWith("The variant wrong of the study study: ", found);
        Assert.Contains(message, found);
    }
}
