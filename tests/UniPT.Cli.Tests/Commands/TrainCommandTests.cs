namespace UniPT.Cli.Tests.Commands;

public sealed class TrainCommandTests
{
    [Fact]
    public void AMissingRecipeIsNamed() => Tool.Run("train", "recipes/nothing.yaml").AssertUserError("recipes/nothing.yaml");

    [Fact]
    public void ARecipeIsNeeded() => Tool.Run("train").AssertUserError("unipt train --help");
}
