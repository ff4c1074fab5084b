using UniPT.Testing;
using UniPT.Training.Contracts;
using UniPT.Training.Models;
using UniPT.Training.Recipes;
using UniPT.Training.Studies;

namespace UniPT.Training.Tests.Recipes;

public sealed class CommittedRecipeTests
{
    private const int Expected = 53;
    private const int ExpectedStudies = 11;
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "recipes");
    private static readonly string[] Studies = Directory.GetFiles(Path.Combine(Folder, "studies"), "*.yaml");
    private static readonly string[] Bases = Directory.GetFiles(Path.Combine(Folder, "bases"), "*.yaml");

    // Their data and weights do not come along; UniPT.Tasks.Tests builds them at their published size.
    private static readonly string[] Published = Directory.GetFiles(Path.Combine(Folder, "published"), "*.yaml", SearchOption.AllDirectories);

    [Fact]
    public void Every_recipe_loads()
    {
        string[] files = [.. Directory.GetFiles(Folder, "*.yaml", SearchOption.AllDirectories).Except(Studies).Except(Bases).Except(Published)];

        Assert.Equal(Expected, files.Length);
        Assert.All(files, file => Assert.NotEmpty(Recipe.Load(file).Name));
    }

    [Fact]
    public void Every_variant_of_every_study_builds_and_those_of_one_name_are_one()
    {
        Recipe[] variants = [.. Studies.SelectMany(file => Study.Load(file).Plan(1, []))];

        Assert.Equal(ExpectedStudies, Studies.Length);
        Assert.All(variants.GroupBy(variant => variant.Name), same => Assert.Single(same.Distinct()));
        Assert.All(variants.DistinctBy(variant => variant.Name), variant => TaskModelBuilder.Build(TaskRegistry.Create(variant)).Dispose());
    }
}
