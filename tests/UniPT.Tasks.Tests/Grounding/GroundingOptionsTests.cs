using UniPT.Backbones.Mdetr;
using UniPT.Tasks.Grounding;
using UniPT.Tasks.Grounding.Data;
using UniPT.Tasks.Grounding.Losses;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Models;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Tests.Grounding;

/// <summary>What recipes may say.</summary>
public sealed class GroundingOptionsTests : IDisposable
{
    /// <summary>The published experiment on RefCOCO, with everything that the authors' code does.</summary>
    private const string Published = """
        name: mdetr-refcoco-unipt
        seed: 42
        task:
          name: grounding
          pretrained_heads: true
          whole_token_targets: true
          first_text_lookups: true
          align_padding: true
          generalized_iou: true
        data:
          path: refcoco
          dataset: refcoco
          test: both
        backbones:
          joint:
            architecture: mdetr
            weights: mdetr.safetensors
            layers: [1, 3, 5, 6]
            memory_layers: [1, 3, 5, 6]
            training_mode: true
        method:
          name: unipt
          form: mdetr
          width: 128
        train:
          epochs: 10
          evaluate_every_epochs: 10
          batch_size: 8
          drop_last: true
          optimizer: adamw
          learning_rate: 5e-4
          weight_decay: 1e-4
          groups:
            heads: {match: ["head.*"], learning_rate_factor: 0.1}
          clip_norm: 0.1
          schedule: step_late
          step_epochs: [5]
          ema_decay: 0.9998
        """;

    private readonly TemporaryFolder _folder = new();

    public GroundingOptionsTests() => GroundingSample.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ThePublishedExperimentIsARecipe()
    {
        Recipe recipe = Load(Published);
        (var options, var data) = ((GroundingOptions)recipe.Task.Options, (GroundingDataOptions)recipe.Data);
        Assert.True(options is { PretrainedHeads: true, WholeTokenTargets: true, FirstTextLookups: true, AlignPadding: true, GeneralizedIou: true, Slots: 256, Aligned: 64 });
        Assert.Equal(new GroundingLossOptions(), options.Loss);
        Assert.Equal(((ReferringDataSet?)ReferringDataSet.Refcoco, TestPart.Both, 800, 1333, 0.5, 384), (data.Dataset, data.Test, data.Size, data.MaxSide, data.CropShare, data.CropMin));
        Assert.Equal([480, 512, 544, 576, 608, 640, 672, 704, 736, 768, 800], data.Sizes);
        Assert.Equal([400, 500, 600], data.CropSizes);
    }

    /// <summary>At published size, from shapes alone: UniPT's networks beside encoder and decoder, and the heads.</summary>
    [Fact]
    public void ThePublishedExperimentTrainsThePublishedParameters()
    {
        using TaskModel model = TaskModelBuilder.Build(
            TaskRegistry.Create(Load(Published)), Weights.Meta(trainable: true), null, null, (_, _) => new MdetrModel(Weights.Meta(), MdetrConfig.ResNet101));
        Assert.Equal(481_666 + 231_300, model.TrainableParameters);
        Assert.Equal(185_864_390, model.TotalParameters);
        Assert.All(model.Trained.Parameters.Keys, name => Assert.True(name.StartsWith("head.") || name.StartsWith("joint.method.")));
    }

    [Fact]
    public void FaultsOfThePublishedCodeAreOffWhereNothingIsSaid() =>
        Assert.True(new GroundingOptions() is { PretrainedHeads: null, WholeTokenTargets: false, FirstTextLookups: false, AlignPadding: false, GeneralizedIou: false });

    [Theory]
    [InlineData("  dataset: refcoco\n", "  dataset: refclef\n", "data.dataset is refclef; expected one of refcoco, refcoco_plus, refcocog")]
    [InlineData("  test: both\n", "  max_side: 700\n", "data.max_side is 700; expected at least 800, the longest shorter side of data.size and data.sizes.")]
    [InlineData("  test: both\n", "  sizes: []\n", "data.sizes is empty; expected one shorter side at least.")]
    [InlineData("  test: both\n", "  crop_sizes: []\n", "data.crop_sizes is empty; expected one shorter side at least.")]
    [InlineData("architecture: mdetr\n", "architecture: t5\n", "backbones.joint.architecture is t5; expected mdetr, whose decoder's queries find boxes.")]
    [InlineData("  evaluate_every_epochs: 10\n", "  cache: true\n", "train.cache is true; expected false because ")]
    public void WhatDoesNotFitIsSaid(string before, string after, string sentence) =>
        Assert.Contains(sentence, Assert.ThrowsAny<UserException>(() => Load(Published.Replace(before, after))).Message);

    [Fact]
    public void WithoutPartsNoSizesOfThemAreNeeded() => Assert.NotNull(Load(Published.Replace("  test: both\n", "  crop_share: 0\n  crop_sizes: []\n")));

    [Fact]
    public void TheTaskIsRegisteredBeforeTheOneThatTakesEveryFolder()
    {
        string[] names = [.. TaskRegistry.Tasks.Keys];
        Assert.InRange(Array.IndexOf(names, "grounding"), 0, Array.IndexOf(names, "retrieval") - 1);
        Assert.Equal([new BackboneNeed("joint", "decoder")], TaskRegistry.Get("grounding").Backbones);
    }

    private Recipe Load(string yaml)
    {
        File.WriteAllText(_folder.File("published.yaml"), yaml);
        return Recipe.Load(_folder.File("published.yaml"));
    }
}
