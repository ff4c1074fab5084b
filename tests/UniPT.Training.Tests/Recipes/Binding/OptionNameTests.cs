using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Tests.Recipes.Binding;

public sealed class OptionNameTests
{
    [Theory]
    [InlineData("BatchSize", "batch_size")]
    [InlineData("Beta1", "beta1")]
    [InlineData("CropFlip", "crop_flip")]
    [InlineData("BackboneLearningRateFactor", "backbone_learning_rate_factor")]
    public void Spells_members_as_recipes_do(string member, string name) => Assert.Equal(name, OptionName.Of(member));
}
