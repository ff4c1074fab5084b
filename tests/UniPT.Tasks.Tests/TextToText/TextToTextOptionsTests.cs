using UniPT.Backbones;
using UniPT.Tasks.TextToText;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Torch;
using UniPT.Training;
using UniPT.Training.Contracts;
using UniPT.Training.Models;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Tests.TextToText;

public sealed class TextToTextOptionsTests : IDisposable
{
    private static readonly string[] OwnTable = ["data.glue=null", "data.splits=files"];
    private readonly TemporaryFolder _folder = new();

    public TextToTextOptionsTests() => TextToTextSample.Write(_folder.FullName);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("task.kind is text; expected classification because data.glue is rte.", "task.kind=text")]
    [InlineData("task.primary is pearson; expected one of accuracy, f1, matthews, accuracy_f1 because pearson is not defined for classification.", "task.primary=pearson")]
    [InlineData("task.source is given; expected none because data.glue says what sources are.", "task.source={text}")]
    [InlineData("task.positive is given; expected none because text has no labels.", "task.positive=yes", "data.glue=null", "data.splits=files")]
    [InlineData("data.labels is given; expected none because regression has no labels.", "task.kind=regression", "data.labels=[a, b]", "data.glue=null", "data.splits=files")]
    [InlineData("task.source is read; expected {text} in it.", "task.source=read", "data.glue=null", "data.splits=files")]
    [InlineData("task.source is {text} {second_text}; expected no {second_text} in it because data.second_text is not given.", "task.source={text} {second_text}", "data.glue=null", "data.splits=files")]
    [InlineData("task.source is {text}; expected {second_text} in it.", "task.source={text}", "data.second_text=b", "data.glue=null", "data.splits=files")]
    [InlineData("data.splits is published; expected files because data.glue names no task whose splits are published.", "data.glue=null")]
    [InlineData("data.second_text is given; expected none because data.glue says what the columns are.", "data.second_text=b")]
    [InlineData("backbones.text.architecture is bert; expected one of mdetr, t5.", "backbones.text.architecture=bert")]
    [InlineData("task.max_length is 1; expected a whole number from 2 to 8192.", "task.max_length=1")]
    public void OptionsThatDoNotFitAreRefused(string problem, params string[] options) =>
        Assert.Contains(problem, Assert.Throws<UserException>(() => Load("head", options)).Message);

    [Theory]
    [InlineData("rte", "accuracy")]
    [InlineData("cola", "matthews")]
    [InlineData("mrpc", "accuracy_f1")]
    [InlineData("qqp", "accuracy_f1")]
    [InlineData("stsb", "pearson_spearman")]
    [InlineData("null", "accuracy")]
    public void ThePrimaryFigureIsTheMeanOfTheTasks(string glue, string primary) =>
        Assert.Equal(primary, TaskRegistry.Create(Load("head", $"data.glue={glue}", $"data.splits={(glue == "null" ? "files" : "published")}")).Primary.Name);

    /// <summary>Rows whose target does not fit behind the start token are named, or left out where bad ones may be.</summary>
    [Fact]
    public void TargetsMustFit()
    {
        File.WriteAllText(_folder.File("own.csv"), "text,label,split\na,yes,train\nb,one two three three,train\nc,no,train\nd,no,val\ne,one two three,test\n");
        string[] options = [$"data.path={_folder.File("own.csv")}", "task.max_length=5", .. OwnTable];
        Assert.Contains(
            "own.csv:3: label is 5 tokens long when it is written; expected at most 4, which task.max_length leaves beside the start token",
            Assert.ThrowsAny<UserException>(() => TaskRegistry.Create(Load("head", options)).OpenData()).Message);
        using TaskData data = TaskRegistry.Create(Load("head", [.. options, "data.skip_bad=true"])).OpenData();
        Assert.Equal([2, 1, 1], data.Splits.Select(split => split.Examples));
        Assert.Contains(data.Notices, notice => notice.StartsWith("1 row of own.csv cannot be used and is left out; the first is own.csv:3: label is 5 tokens long", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("text,label,split\n ,yes,train\nb,no,val\n", "own.csv:2: text is empty")]
    [InlineData("text,label,split\na,,train\nb,no,val\n", "own.csv:2: label is empty")]
    [InlineData("text,label,split\na,yes,train\nb,no\n", "own.csv:3: has 2 fields and the first line 3")]
    [InlineData("text,label,split\na,yes,train\nc,no,train\nb,maybe,val\n", "own.csv:4: label is \"maybe\", which train does not have; it has no, yes", "task.kind=classification")]
    public void WhatIsWrongInATableIsNamed(string table, string problem, params string[] options)
    {
        File.WriteAllText(_folder.File("own.csv"), table);
        Assert.Contains(problem, Assert.ThrowsAny<UserException>(() => TaskRegistry.Create(Load("head", [$"data.path={_folder.File("own.csv")}", .. OwnTable, .. options])).OpenData()).Message);
    }

    /// <summary>The same sentence in two splits, and what the vocabulary cannot write, are said with their numbers, and so is what is cut.</summary>
    [Fact]
    public void WhatMakesFiguresMeanLessIsSaid()
    {
        File.WriteAllText(_folder.File("own.csv"), "text,label,split\na,yes,train\nb,naïve,train\na,no,val\nc d e f g h i j k l m n,no,train\n");
        Recipe recipe = Load("head", [$"data.path={_folder.File("own.csv")}", "data.max_tokens=8", .. OwnTable]);
        LearningTask task = TaskRegistry.Create(recipe);
        using TaskData data = task.OpenData();
        Assert.Contains("1 example of own.csv is in another split too; figures of texts that were trained on are too high.", data.Notices);
        using TaskModel model = TaskModelBuilder.Build(task, data.Content);
        IReadOnlyList<string> said = data.Fit(model, "train", "val", "test");
        Assert.Contains("1 of 3 texts in train is longer than 8 tokens and cut.", said);
        Assert.Contains(said, sentence => sentence.StartsWith("The vocabulary cannot write 1 of 3 different targets as they are: \"naïve\" becomes \"na", StringComparison.Ordinal));
        Assert.Equal(0, data.Chance("val")["accuracy"]);
    }

    [Fact]
    public async Task WhatIsMissingIsNamed()
    {
        File.Delete(_folder.File("RTE", "dev.tsv"));
        var error = await Assert.ThrowsAnyAsync<UserException>(() => Trainer.RunAsync(Load("head"), _folder.File("run")));
        Assert.Contains("dev.tsv: does not exist; the published files of RTE are train.tsv, dev.tsv", error.Message);
        Recipe alone = Load("head", $"data.path={_folder.File("RTE", "test.tsv")}");
        Assert.Contains("test.tsv has no examples in its split val; it has test.", (await Assert.ThrowsAnyAsync<UserException>(() => Trainer.RunAsync(alone, _folder.File("run")))).Message);
    }

    [Theory]
    [InlineData("method.joined=[1, 2]")]
    [InlineData("method.direct.enabled=true")]
    public async Task AFeatureForAllTokensIsRefused(string option)
    {
        var error = await Assert.ThrowsAsync<UserException>(() => Trainer.RunAsync(Load("head", option), _folder.File("run")));
        Assert.Equal("The task text_to_text needs a feature for every token that is written; this method, as its options are, gives one for all of them.", error.Message);
    }

    [Fact]
    public async Task SomethingMustTrain()
    {
        var error = await Assert.ThrowsAsync<UserException>(() => Trainer.RunAsync(Load("head", "method.projection=false"), _folder.File("run")));
        Assert.Equal("With these options of head nothing trains: the task text_to_text has no head of its own.", error.Message);
    }

    [Fact]
    public void ABackboneThatWritesNothingIsRefused()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var module = new EncoderDecoder();
        var error = Assert.Throws<UserException>(() => TaskModelBuilder.Build(
            TaskRegistry.Create(Load("head")), Weights.Fresh(1), null, null, (_, _) => module.ToBackbone(EncoderDecoder.Input(torch.zeros(1, 2, 8), torch.zeros(1, 3, 8)))));
        Assert.Contains("writes no text; the task text_to_text needs one that does: t5.", error.Message);
    }

    /// <summary>In the frozen network while something trains beside it, as in the published code, and never while it is measured.</summary>
    [Theory]
    [InlineData("unipt", true)]
    [InlineData("sherl", true)]
    [InlineData("adapter", true)]
    [InlineData("lst", false)]
    public void DropoutActsInEncoderAndDecoder(string method, bool follows)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using TaskModel model = Build($"backbones.text.training_mode={(follows ? "true" : "false")}");
        using TaskModel plain = Build();
        HiddenStates expected = Hidden(plain);
        Same(expected, Hidden(model));
        model.SetTraining(true);
        HiddenStates trained = Hidden(model);
        if (follows)
        {
            // Behind the words of both, and behind their last norms where a method reads what is behind those.
            Assert.All((Tensor[])[trained.Layers[0], trained.Memory!.Layers[0]], layer => Assert.InRange(Zeros(layer), 0.02, 0.25));
            Assert.All((Tensor[])[trained.Layers[^1], trained.Memory!.Layers[^1]], layer => Assert.InRange(Zeros(layer), method == "sherl" ? 0 : 0.02, method == "sherl" ? 0 : 0.25));
            Assert.NotEqual(Hidden(model).Layers[0].ToArray<float>(), trained.Layers[0].ToArray<float>());
        }
        else
        {
            Same(expected, trained);
        }

        model.SetTraining(false);
        Same(expected, Hidden(model));

        TaskModel Build(params string[] options)
        {
            TaskModel built = TaskModelBuilder.Build(TaskRegistry.Create(Load(method, [.. options, "method.reduction=2"])), new Dictionary<string, IReadOnlyList<string>>
            {
                [TextToTextModel.LabelsKey] = ["entailment", "not_entailment"],
            });
            built.SetTraining(false);
            return built;
        }

        static HiddenStates Hidden(TaskModel model) => ((TextToTextModel)model).Text.Hidden(((TextToTextModel)model).Input([[9, 10, 11, 12, 1], [13, 14, 1]], [[15, 16, 1], [17, 1]]));

        static void Same(HiddenStates expected, HiddenStates found) => Assert.All(
            expected.Layers.Concat(expected.Memory!.Layers).Zip(found.Layers.Concat(found.Memory!.Layers)), pair => Assert.True(pair.First.allclose(pair.Second, 1e-5, 1e-6)));

        static double Zeros(Tensor layer)
        {
            float[] values = layer.ToArray<float>();
            return values.Count(value => value == 0) / (double)values.Length;
        }
    }

    [Fact]
    public void ScoresThatAreNoNumbersAreSaid()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        LearningTask task = TaskRegistry.Create(Load("head"));
        using TaskData data = task.OpenData();
        using var model = (TextToTextModel)TaskModelBuilder.Build(task, data.Content);
        using (torch.no_grad())
        {
            model.Trained.Parameters["text.method.linear.weight"].fill_(Scalars.Of(double.NaN));
        }

        Assert.Contains("is not a number any more", Assert.Throws<UserException>(() => model.Write(["a"], ["b"])).Message);
        Assert.Contains("A text is empty", Assert.Throws<UserException>(() => model.Write(["a"], [" "])).Message);
        Assert.Empty(model.Write([], []));
    }

    private Recipe Load(string method, params string[] options) => Recipe.Load(TextToTextSample.WriteRecipe(_folder.FullName, method), overrides: options);
}
