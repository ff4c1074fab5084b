using UniPT.Torch.Native;

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

    [Fact]
    public void TheVersionIsThatOfThePackageThatIsAskedFor() => Assert.Equal(TorchPackage.Version, TorchRuntime.Version);

    [Fact]
    public void TheSeedDecidesWhatIsDrawn()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(long.MaxValue);
        float[] first = torch.rand(5).data<float>().ToArray();
        TorchRuntime.ManualSeed(-2);
        Assert.NotEqual(first, torch.rand(5).data<float>().ToArray());
        TorchRuntime.ManualSeed(long.MaxValue);
        Assert.Equal(first, torch.rand(5).data<float>().ToArray());
    }

    [Fact]
    public void DeterministicAlgorithmsCanBeChosenWhereTheyWereLookedFor() =>
        Assert.True(TorchRuntime.UseDeterministicAlgorithms(true) || !OperatingSystem.IsLinux());
}
