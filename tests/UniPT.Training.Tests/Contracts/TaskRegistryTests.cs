using UniPT.Testing;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Contracts;

public sealed class TaskRegistryTests
{
    [Fact]
    public void TasksThatComeAlongAreThere() => Assert.Equal(["grounding", "questions", "retrieval", "sounds", "text_to_text", "texts", "video_retrieval"], TaskRegistry.Tasks.Keys.Order());

    [Fact]
    public void ANameIsRegisteredOnce()
    {
        var error = Assert.Throws<UserException>(() => TaskRegistry.Register(TaskRegistry.Get("retrieval")));

        Assert.Equal("There is a task retrieval already; register it once, or under another name.", error.Message);
    }

    [Fact]
    public void ATaskThatIsUnknownIsNamedWithThoseThatAreKnown()
    {
        Recipe recipe = SampleRecipe.Load(Path.Combine(RepositoryPaths.Data, "emoji-noto.zip"), "head");

        var error = Assert.Throws<UserException>(() => TaskRegistry.Create(recipe with { Task = recipe.Task with { Name = "sorting" } }));

        Assert.Matches("^There is no task sorting; registered are .*retrieval.*\\.$", error.Message);
    }
}
