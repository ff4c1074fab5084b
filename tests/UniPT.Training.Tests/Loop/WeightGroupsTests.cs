using UniPT.Torch;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;

namespace UniPT.Training.Tests.Loop;

public sealed class WeightGroupsTests
{
    private static readonly string[] Own = ["head.weight", "head.bias", "norm.weight", "norm.bias"];
    private static readonly string[] Backbone = ["image_backbone.conv.weight", "image_backbone.conv.bias"];

    [Fact]
    public void WithoutRulesTheGroupsAreThoseOfTheTask()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<ParameterGroup> groups = Groups();
        Assert.Same(groups, WeightGroups.Apply(groups, new OptionMap<WeightGroup>()));
    }

    /// <summary>As CLIP-ViL: names with "bias" or "LayerNorm.weight" in them.</summary>
    [Fact]
    public void BiasesAndNormsAreLeftUndecayed()
    {
        Assert.Equal(
            [
                "head.weight: decay 0.1, rate 1",
                "head.bias: decay 0, rate 1",
                "norm.weight: decay 0, rate 1",
                "norm.bias: decay 0, rate 1",
                "image_backbone.conv.weight: decay 0.1, rate 0.5",
                "image_backbone.conv.bias: decay 0, rate 0.5",
            ],
            Rules(("no_decay", new WeightGroup { Match = ["*bias", "*norm.weight"], WeightDecay = 0 })));
    }

    [Fact]
    public void TheFirstGroupThatMatchesHasTheWeight()
    {
        Assert.Equal(
            [
                "head.weight: decay 0.1, rate 10",
                "head.bias: decay 0.1, rate 10",
                "norm.weight: decay 0.1, rate 1",
                "norm.bias: decay 0, rate 1",
                "image_backbone.conv.weight: decay 0.1, rate 0.01",
                "image_backbone.conv.bias: decay 0, rate 0.5",
            ],
            Rules(
                ("head", new WeightGroup { Match = ["head.*"], LearningRateFactor = 10 }),
                ("biases", new WeightGroup { Match = ["*.bias"], WeightDecay = 0 }),
                ("backbone", new WeightGroup { Match = ["image_backbone.*"], LearningRateFactor = 0.01 })));
    }

    [Theory]
    [InlineData("hea.*")] // A dot is a dot, and a pattern is one of the whole name.
    [InlineData("weight")]
    [InlineData("HEAD.*")]
    [InlineData("head?weight")]
    public void AGroupThatMatchesNothingIsRefused(string pattern)
    {
        UserException error = Assert.Throws<UserException>(() => Rules(("mine", new WeightGroup { Match = [pattern] })));
        Assert.Equal(
            $"train.groups.mine.match is [{pattern}], which matches none of the 6 weights that train; they are called head.weight, head.bias, norm.weight, ….",
            error.Message);
    }

    [Fact]
    public void OneThatIsOptionalMayMatchNothing() => Assert.Equal(
        Rules(("decayed", new WeightGroup { Match = ["*.weight"], WeightDecay = 1 })),
        Rules(("lora", new WeightGroup { Match = ["*lora*"], Optional = true }), ("decayed", new WeightGroup { Match = ["*.weight"], WeightDecay = 1 })));

    [Fact]
    public void SoIsOneWhoseWeightsAllBelongToEarlierOnes()
    {
        UserException error = Assert.Throws<UserException>(() => Rules(
            ("all", new WeightGroup { Match = ["*"] }), ("late", new WeightGroup { Match = ["norm.*"] })));
        Assert.Equal(
            "train.groups.late.match is [norm.*], which matches only weights that an earlier group has, such as norm.weight.", error.Message);
    }

    [Fact]
    public void AnOptimizerTakesThem()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<ParameterGroup> groups = WeightGroups.Apply(Groups(), Map(("head", new WeightGroup { Match = ["head.*"], LearningRateFactor = 10 })));
        using var optimizer = new AdamW(groups);
        foreach (Parameter parameter in optimizer.Parameters)
        {
            parameter.grad = torch.ones(1);
        }

        optimizer.Step(0.01);
        Dictionary<string, double> moved = groups.SelectMany(group => group.Parameters).ToDictionary(pair => pair.Key, pair => pair.Value.Item());
        Assert.Equal(-0.1, moved["head.weight"], 1e-6);
        Assert.Equal(-0.01, moved["norm.weight"], 1e-6);
        Assert.Equal(-0.005, moved["image_backbone.conv.weight"], 1e-6);
    }

    private static OptionMap<WeightGroup> Map(params (string Name, WeightGroup Group)[] rules) =>
        new(rules.Select(rule => KeyValuePair.Create(rule.Name, rule.Group)));

    /// <summary>A line a weight, in the order of the task.</summary>
    private static string[] Rules(params (string Name, WeightGroup Group)[] rules)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<ParameterGroup> groups = WeightGroups.Apply(Groups(), Map(rules));
        return
        [
            .. from name in Own.Concat(Backbone)
               let @group = groups.Single(candidate => candidate.Parameters.ContainsKey(name))
               select FormattableString.Invariant($"{name}: decay {@group.WeightDecay}, rate {@group.LearningRateFactor}"),
        ];
    }

    private static IReadOnlyList<ParameterGroup> Groups() =>
    [
        new(Own.Select(name => (name, new Parameter(torch.zeros(1)))), 0.1),
        new(Backbone.Select(name => (name, new Parameter(torch.zeros(1)))), 0.1, 0.5),
    ];
}
