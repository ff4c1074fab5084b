namespace UniPT.Torch.Tests.Runtime;

public sealed class TorchRuntimeTests
{
    private const string Variable = "OMP_NUM_THREADS";

    [Theory]
    [InlineData("3", 3)]
    [InlineData("0", 0)]
    [InlineData("4,2", 0)]
    [InlineData(null, 0)]
    public void The_environment_chooses_the_threads(string? value, int expected)
    {
        string? before = Environment.GetEnvironmentVariable(Variable);
        try
        {
            Environment.SetEnvironmentVariable(Variable, value);
            Assert.Equal(expected == 0 ? Environment.ProcessorCount : expected, TorchRuntime.DefaultThreads);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, before);
        }
    }
}
