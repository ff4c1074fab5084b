namespace UniPT.Training.Tests.Recipes;

public sealed class RecipeReferenceTests
{
    private static readonly string Text = RecipeReference.Markdown(SampleMethods.Catalog);

    [Theory]
    [InlineData("| `name` | text | required | What the run is called in reports and in its folder's name. |")]
    [InlineData("| `train.batch_size` | a whole number from 1 to 65536 | `112` | Examples a batch. |")]
    [InlineData("| `backbones.<name>.architecture` | text | required | The backbone's architecture. |")]
    [InlineData("It needs `backbones.text`, with an architecture that has a stream `text`: `use_lite`.")]
    [InlineData("| `method.width` | a whole number from 8 to 4096 | `256` | Width, above `rate`. |")]
    [InlineData("| `method.direct.enabled` | true or false | `true` | Whether there is one. |")]
    [InlineData("| `method.direct.count` | a whole number | `1099511627776` | Layers that stay frozen. |")]
    [InlineData("| `method.rate` | a number | `null` | Learning rate of its own. |")]
    [InlineData("| `data.path` | the path of an existing file or folder | required | The data set: a file or folder of a format that the task reads. |")]
    [InlineData("| `task.loss.kind` | one of hinge, infonce | `hinge` | Which loss.<br>`hinge`: Triplet hinge loss, hardest negative in the batch (VSE++).<br>`infonce`: Symmetric cross-entropy over the batch (InfoNCE, as in CLIP). |")]
    [InlineData("A parallel network of a `chosen` width.")]
    public void Shows_key_values_default_and_meaning(string line) => Assert.Contains(line + "\n", Text);

    [Fact]
    public void Has_every_key_that_a_written_recipe_has()
    {
        using var folder = new RecipeFolder();
        string yaml = folder.Parse(RecipeFolder.Valid).ToYaml();
        string[] names = [.. yaml.Split('\n').Select(line => line.Trim().Split(':')[0]).Where(name => name.Length > 0)];

        Assert.True(names.Length > 50);
        Assert.All(names, name => Assert.Matches($"[`.]{name}[`.]|## {name}|It needs `backbones.{name}`", Text));
    }
}
