using UniPT.Testing;
using UniPT.Training.Adapters;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Recipes;

public sealed class PrecisionsTests
{
    private static readonly string Fixture = Path.Combine(RepositoryPaths.Root, "tests", "fixtures", "adapters", "unipt");

    [Theory]
    [InlineData("unipt", "auto", true, Precision.Bf16)]
    [InlineData("unipt", "auto", false, Precision.Float32)]
    [InlineData("sherl", "auto", true, Precision.Bf16)]
    [InlineData("lora", "auto", true, Precision.Float32)] // Gradients flow through all of its backbones.
    [InlineData("full", "auto", true, Precision.Float32)]
    [InlineData("unipt", "bf16", false, Precision.Bf16)]
    [InlineData("unipt", "float32", true, Precision.Float32)]
    public void AutoIsSettledByMachineAndMethod(string method, string given, bool fast, Precision becomes) =>
        Assert.Equal(becomes, Load(method, $"precision={given}").Settle(fast).Precision);

    [Fact]
    public void ARecipeThatSaysNothingIsFloat32() => Assert.Equal(Precision.Float32, Load("unipt").Precision);

    [Fact]
    public void AMethodInsideTheBackbonesIsRefusedInBf16() => Assert.EndsWith(
        "precision is bf16; expected float32, or auto, which takes it then, because lora trains inside the backbones, through which float32 gradients flow.",
        Assert.Throws<UserException>(() => Load("lora", "precision=bf16")).Message);

    [Theory]
    [InlineData("  form: vse", Precision.Float32)]
    [InlineData("  form: vse\n  precision: backbone", Precision.Float32)]
    [InlineData("  form: vse\n  precision: bfloat16", Precision.Bf16)]
    public void AnAdapterOfAnEarlierVersionSaysWhatItComputedIn(string saved, Precision precision)
    {
        AdapterConfig config = AdapterConfig.Read(Fixture);
        Assert.DoesNotContain("precision", config.Recipe);
        config = config with { Recipe = config.Recipe.Replace("  form: vse", saved, StringComparison.Ordinal) };
        Assert.Equal(precision, config.ReadRecipe(Fixture).Precision);
    }

    private static Recipe Load(string method, params string[] overrides) =>
        Recipe.Load(Path.Combine(RepositoryPaths.Root, "recipes", "emoji-small", $"{method}.yaml"), overrides: overrides);
}
