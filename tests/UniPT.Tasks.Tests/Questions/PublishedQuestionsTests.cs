using System.Globalization;
using UniPT.Tasks.Questions;
using UniPT.Tasks.Questions.Data;
using UniPT.Testing;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Tests.Questions;

/// <summary>The published experiments on VQAv2 and GQA as recipes.</summary>
public sealed class PublishedQuestionsTests
{
    private const string Shared = """
        seed: 9595
        backbones:
          joint:
            architecture: clip_vil
            weights: snap/pretrained/CLIP_VL_RN50x4/Epoch11_LXRT.pth
            vocabulary: bert-base-uncased
            training_mode: true
        method:
          name: unipt
          form: clip_vil
          reduction: 2
        train:
          epochs: 5
          steps: {0}
          batch_size: 32
          accumulation_steps: 32
          drop_last: true
          optimizer: hugging_face_adamw
          learning_rate: {1}
          weight_decay: 0.01
          epsilon: 1e-6
          clip_norm: 1
          schedule: warmup_linear
          warmup_share: 0.05
          groups:
            no_decay:
              match: ["*bias", "*LayerNorm.weight"]
              weight_decay: 0
        """;

    [Fact]
    public void Vqa()
    {
        Recipe recipe = Load("""
            name: vqa-unipt
            task:
              name: questions
              pretrained_answers: true
            data:
              benchmark: vqa
              path: data
            """, 3086, "5e-4");
        Assert.Equal(new QuestionsOptions { LossScale = 500, PretrainedAnswers = true }, recipe.Task.Options);
        var data = (QuestionDataOptions)recipe.Data;
        Assert.Equal((384, 640, 20, false), (data.ImageSize, data.LongSide, data.QuestionTokens, data.OnlyKnownAnswers));
        Assert.Equal(9, data.Least);
        Assert.Equal((5e-4, 1024), (recipe.Train.LearningRate, recipe.Train.BatchSize * recipe.Train.AccumulationSteps));
    }

    [Fact]
    public void Gqa()
    {
        Recipe recipe = Load("""
            name: gqa-unipt
            task:
              name: questions
              pretrained_answers: true
            data:
              benchmark: gqa
              path: data
              only_known_answers: true
            """, 5248, "1e-4");
        Assert.True(((QuestionDataOptions)recipe.Data).OnlyKnownAnswers);
        Assert.Equal(1, ((QuestionDataOptions)recipe.Data).Least);
        Assert.Equal(1e-4, recipe.Train.LearningRate);
        Assert.Equal(0.05, recipe.Train.WarmupShare);
    }

    private static Recipe Load(string task, int steps, string rate)
    {
        using var folder = new TemporaryFolder();
        foreach (string path in (string[])["data", "snap/pretrained/CLIP_VL_RN50x4/Epoch11_LXRT.pth", "bert-base-uncased"])
        {
            Directory.CreateDirectory(folder.File(path));
        }

        File.WriteAllText(folder.File("recipe.yaml"), task + "\n" + string.Format(CultureInfo.InvariantCulture, Shared, steps, rate));
        return Recipe.Load(folder.File("recipe.yaml"));
    }
}
