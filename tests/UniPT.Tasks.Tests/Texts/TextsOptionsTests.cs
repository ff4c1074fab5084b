using UniPT.Tasks.Tests.Shared.DataSets;
using UniPT.Tasks.Texts;
using UniPT.Testing;
using UniPT.Training;
using UniPT.Training.Contracts;
using UniPT.Training.Models;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Tests.Texts;

public sealed class TextsOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public TextsOptionsTests() => _data = TextsSample.WriteData(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("task.primary is f1; expected one of pearson, spearman, pearson_spearman because f1 is not defined for regression.", "task.kind=regression", "task.primary=f1")]
    [InlineData("task.primary is spearman; expected one of accuracy, f1, matthews, accuracy_f1 because spearman is not defined for classification.", "task.primary=spearman")]
    [InlineData("task.kind is regression; expected classification because data.glue is sst2.", "task.kind=regression", "data.glue=sst2")]
    [InlineData("task.label_smoothing is given; expected none because regression has no labels.", "data.glue=stsb", "task.label_smoothing=0.1")]
    [InlineData("data.second_text is given; expected none because data.glue says what the columns are.", "data.glue=rte", "data.second_text=x")]
    [InlineData("task.kind is text; expected classification or regression because only the task text_to_text writes texts.", "task.kind=text")]
    [InlineData("data.splits is published; expected files because data.glue names no task whose splits are published.", "data.splits=published")]
    [InlineData("task.embedding belongs to video_retrieval, retrieval", "task.embedding=5")]
    [InlineData("data.image_size belongs to questions, video_retrieval, retrieval", "data.image_size=64")]
    [InlineData("backbones.image", "backbones.image.architecture=mobilenet_v2")]
    [InlineData("data.glue is wnli; expected one of cola, sst2, mrpc, stsb, qqp, mnli, qnli, rte", "data.glue=wnli")]
    public void OptionsThatDoNotFitAreRefused(string problem, params string[] options) =>
        Assert.Contains(problem, Assert.Throws<UserException>(() => TextsSample.Load(_folder, "head", _data, options)).Message);

    [Theory]
    [InlineData("data.labels=[food, time]", "accuracy", "accuracy, f1, matthews, accuracy_f1")]
    [InlineData("task.primary=matthews", "matthews", "accuracy, f1, matthews, accuracy_f1")]
    [InlineData("task.kind=regression", "pearson_spearman", "pearson, spearman, pearson_spearman")]
    [InlineData("data.glue=cola", "matthews", "accuracy, f1, matthews, accuracy_f1")]
    [InlineData("data.glue=sst2", "accuracy", "accuracy, f1, matthews, accuracy_f1")]
    [InlineData("data.glue=mrpc", "accuracy_f1", "accuracy, f1, matthews, accuracy_f1")]
    [InlineData("data.glue=stsb", "pearson_spearman", "pearson, spearman, pearson_spearman")]
    public void OneFigureIsPrimary(string option, string primary, string all)
    {
        LearningTask task = TaskRegistry.Create(TextsSample.Load(_folder, "head", _data, option));
        Assert.Equal(primary, task.Primary.Name);
        Assert.Equal(all, string.Join(", ", task.Figures.Select(figure => figure.Name)));
    }

    [Theory]
    [InlineData("task.positive is noon; expected food or time.", "task.positive=noon")]
    [InlineData("task.positive is low; expected none because there are 3 labels, over which f1 is the mean.", "task.positive=low", "data.labels=[low, food, time]")]
    public async Task APositiveLabelThatIsNoneIsRefused(string problem, params string[] options)
    {
        Recipe recipe = TextsSample.Load(_folder, "head", _data, options);
        Assert.Contains(problem, (await Assert.ThrowsAsync<UserException>(() => Trainer.RunAsync(recipe, _folder.File("run")))).Message);
        Assert.False(Directory.Exists(_folder.File("run")));
    }

    /// <summary>Always the most frequent label of train, or a constant number.</summary>
    [Fact]
    public void ChanceIsWhatAGuessReaches()
    {
        File.WriteAllText(_data, "text,label,split\na,2,train\nb,1,train\nc,2,train\nd,1,val\ne,2,test\nf,1,test\ng,1,test\nh,2,test\ni,2,test");
        using TaskData labels = TaskRegistry.Create(TextsSample.Load(_folder, "head", _data)).OpenData();
        Assert.Equal(60, labels.Chance("test")["accuracy"], 1e-9);
        Assert.Equal(0, labels.Chance("val")["accuracy"]);
        Assert.Equal(0, labels.Chance("test")["matthews"]);
        Assert.Equal(75, labels.Chance("test")["f1"], 1e-9); // of the label 2: all 3 found, 2 too many
        using TaskData numbers = TaskRegistry.Create(TextsSample.Load(_folder, "head", _data, "task.kind=regression")).OpenData();
        Assert.Equal(0, numbers.Chance("test")["pearson_spearman"]);
    }

    [Fact]
    public void DataAreSummedUp()
    {
        TaskRegistration task = TaskRegistry.Get("texts");
        using TaskData data = TaskRegistry.Create(TextsSample.Load(_folder, "head", _data)).OpenData();
        Assert.Equal([("train", 24, "24 texts"), ("val", 8, "8 texts"), ("test", 12, "12 texts")], data.Splits.Select(split => (split.Name, split.Examples, split.Contents)));
        Assert.Equal($"{_data}: train 24 texts, val 8 texts, test 12 texts, by the column split of texts.csv.", data.Summary);
        string[] said = [.. task.Describe!(_data, false)!];
        Assert.Equal("  texts.csv: 44 rows; columns text, label, split, emoji", said[1]);
        using var pictures = TemporaryDataSet.Of(("a.png", "x"));
        Assert.Null(task.Describe(pictures.Root, false));
    }

    [Fact]
    public void ThePoolingIsChosen()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        float[][] outputs = [.. ((string[])["mean", "first"]).Select(pooling =>
        {
            LearningTask task = TaskRegistry.Create(TextsSample.Load(_folder, "head", _data, $"task.pooling={pooling}"));
            using TaskData data = task.OpenData();
            using var model = (TextsModel)TaskModelBuilder.Build(task, data.Content);
            model.SetTraining(false);
            return model.Predict(["a clock that shows noon"])[0];
        })];
        Assert.NotEqual(outputs[0], outputs[1]);
    }
}
