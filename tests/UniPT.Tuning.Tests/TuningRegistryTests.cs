namespace UniPT.Tuning.Tests;

public sealed class TuningRegistryTests
{
    [Fact]
    public void EveryMethodIsMadeOfItsOptionsAndKnowsItsName()
    {
        Assert.Equal(["adapter", "bitfit", "full", "head", "ia3", "layernorm", "lora", "lst", "partial", "prefix", "prompt", "sherl", "unipt"], TuningRegistry.Methods.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, TuningRegistration registration) in TuningRegistry.Methods)
        {
            Assert.Equal(name, registration.Create(Activator.CreateInstance(registration.Options)!).Name);
        }
    }
}
