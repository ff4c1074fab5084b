namespace UniPT.Tuning.Tests;

public sealed class TuningRegistryTests
{
    [Fact]
    public void EveryMethodIsMadeOfItsOptionsAndKnowsItsName()
    {
        Assert.Equal(["bitfit", "full", "head", "layernorm", "lora", "partial", "unipt"], TuningRegistry.Methods.Keys.Order());
        foreach ((string name, TuningRegistration registration) in TuningRegistry.Methods)
        {
            Assert.Equal(name, registration.Create(Activator.CreateInstance(registration.Options)!).Name);
        }
    }
}
