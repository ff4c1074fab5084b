using UniPT.Backbones.T5;
using UniPT.Tasks.Texts.Data;
using UniPT.Tasks.TextToText;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Models;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Tests.TextToText;

/// <summary>The experiments of LST and SHERL as recipes, on T5-base without memory for it.</summary>
public sealed class PublishedTextToTextTests : IDisposable
{
    private const string Published = """
        name: glue
        task:
          name: text_to_text
          missing_colon: true
          steps_of_one: 10
        data:
          path: .
          glue: rte
          splits: published
        backbones:
          text:
            architecture: t5
            weights: spiece.model
            vocabulary: spiece.model
            training_mode: true
        train:
          epochs: 20
          batch_size: 100
          optimizer: hugging_face_adamw
          learning_rate: 3e-3
          backbone_learning_rate_factor: 1
          weight_decay: 0
          clip_norm: 1
          schedule: warmup_linear
          warmup_steps: 500
        """;

    private const int Tokens = 32_100;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Of LST without the gates of dropped layers, which nothing reads.</summary>
    [Theory]
    [InlineData(3_878_712 - 6, "method: { name: lst, reduction: 8, dropped: [1, 5, 9], start: fisher, fisher_batches: 1024, fisher_batch_size: 1 }")]
    [InlineData(1_907_236, "method: { name: sherl, reduction: 8, dropped: [1, 5, 9] }")]
    [InlineData(2_410_178, "method: { name: unipt, form: t5_derived, reduction: 8 }")]
    [InlineData(
        1_937_570, "method: { name: unipt, form: t5_derived, reduction: 8 }", "backbones.text.layers=[0, 2, 3, 4, 6, 7, 8, 10, 11, 12]", "backbones.text.memory_layers=[0, 2, 3, 4, 6, 7, 8, 10, 11, 12]")]
    [InlineData(3_625_728, "method: { name: adapter, reduction: 16, activation: gelu_tanh, norms: true }", "task.prefix=false", "train.learning_rate=3e-4")]
    [InlineData(
        3_821_412, "method: { name: lora, rank: 32, alpha: 32, dropout: 0.1, targets: [query, value, cross_query, cross_value], biases: added }", "train.learning_rate=3e-4")]
    [InlineData(282_468, "method: { name: bitfit, biases: added }", "train.learning_rate=3e-4")]
    [InlineData(76_800, "method: { name: prompt, length: 100 }", "train.learning_rate=0.3", "train.batch_size=50", "train.accumulation_steps=2")]
    [InlineData(222_882_048, "method: { name: full }", "train.learning_rate=3e-4")]
    public void WhatTrainsIsWhatIsPublished(long trained, string method, params string[] options)
    {
        Assert.Equal(Tokens, SentencePieces.Write(_folder.File("spiece.model"), [], 32_000));
        File.WriteAllText(_folder.File("glue.yaml"), $"{Published}\n{method}\n");
        Recipe recipe = Recipe.Load(_folder.File("glue.yaml"), overrides: options);
        Assert.Equal(GlueSplits.Published, ((TextDataOptions)recipe.Data).Splits);
        LearningTask task = TaskRegistry.Create(recipe);
        Assert.Equal("accuracy", task.Primary.Name);
        var stores = new List<WeightStore>();
        using (TaskModel model = TaskModelBuilder.Build(task, Weights.Meta(trainable: true), Labels, null, (_, trains) =>
        {
            Weights weights = Weights.Meta(trains);
            stores.Add(weights.Store);
            return new T5Model(weights, T5Config.Base with { Vocabulary = Tokens });
        }))
        {
            Assert.Equal(trained, model.TrainableParameters);
            Assert.Equal(trained + (method.Contains("full", StringComparison.Ordinal) || method.Contains("norms", StringComparison.Ordinal) ? 0 : 222_882_048), Whole(model));
        }

        // The norms of the adapters' run are the backbone's own.
        long Whole(TaskModel model) => method.Contains("norms", StringComparison.Ordinal) ? trained : model.TotalParameters;
    }

    private static Dictionary<string, IReadOnlyList<string>> Labels => new() { [TextToTextModel.LabelsKey] = ["entailment", "not_entailment"] };
}
