using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Tests.Recipes.Binding;

public sealed class OptionNameTests
{
    private static readonly string[] Names = ["epochs", "batch_size", "beta1", "beta2"];

    [Theory]
    [InlineData("epoch", "epochs")]
    [InlineData("batch-size", "batch_size")]
    [InlineData("btach_size", "batch_size")]
    [InlineData("beta", "beta1")]
    [InlineData("colour", null)]
    [InlineData("", null)]
    public void Finds_the_nearest_name(string name, string? nearest) =>
        Assert.Equal(nearest, OptionName.Nearest(name, Names));

    [Fact]
    public void Finds_nothing_among_nothing() => Assert.Null(OptionName.Nearest("epochs", []));

    [Theory]
    [InlineData("BatchSize", "batch_size")]
    [InlineData("Beta1", "beta1")]
    [InlineData("CropFlip", "crop_flip")]
    [InlineData("BackboneLearningRateFactor", "backbone_learning_rate_factor")]
    public void Spells_members_as_recipes_do(string member, string name) => Assert.Equal(name, OptionName.Of(member));
}
