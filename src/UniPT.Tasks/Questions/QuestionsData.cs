using System.Globalization;
using UniPT.Backbones;
using UniPT.Tasks.Questions.Data;
using UniPT.Tasks.Questions.Inputs;
using UniPT.Tasks.Questions.Metrics;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Questions;

/// <summary>Questions about pictures, and how the backbone is fed with them.</summary>
internal sealed class QuestionsData : TaskData
{
    private readonly QuestionsTask _task;
    private readonly TextTokenizer _tokenizer;
    private readonly QuestionInputs _inputs;
    private readonly AnswerLoss _loss;
    private readonly Device _device;
    private IReadOnlyList<SplitFacts>? _splits;

    private QuestionsData(QuestionsTask task, QuestionSet set, TextTokenizer tokenizer) : base(task)
    {
        (_task, Set, _tokenizer, _device) = (task, set, tokenizer, task.Recipe.Device.Name());
        _inputs = new QuestionInputs(task.Data, tokenizer, _device);
        _loss = new AnswerLoss(task.Options.LossScale);
    }

    /// <summary>The questions and answers.</summary>
    internal QuestionSet Set { get; private set; }

    /// <inheritdoc/>
    public override string Fingerprint => Set.Fingerprint;

    /// <inheritdoc/>
    public override IReadOnlyList<SplitFacts> Splits => _splits ??=
        [.. Set.Splits.Select(split => new SplitFacts(split.Name, split.Questions.Count, $"{Count(split.Questions.Count, "question")}, {Count(split.Pictures, "picture")}") { HasAnswers = split.HasAnswers })];

    /// <inheritdoc/>
    public override string Summary => PrintableText.Of(
        $"{_task.Data.Path}: {string.Join(", ", Set.Splits.Select(Describe))}; {Count(Set.Answers.Count, "answer")}.");

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => Set.Notices;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, IReadOnlyList<string>> Content => new Dictionary<string, IReadOnlyList<string>> { [QuestionsModel.AnswersKey] = Set.Answers };

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Conditions => new OrderedDictionary<string, string>
    {
        ["Pictures"] = $"{_task.Data.ImageSize} × {_task.Data.LongSide} px",
        ["Questions"] = $"{_task.Data.QuestionTokens} tokens",
        ["Answers"] = Set.Answers.Count.ToString(CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    public override int TrainingExamples => Set.Train.Questions.Count;

    /// <inheritdoc/>
    public override long PreparedBytes => 3L * _task.Data.ImageSize * _task.Data.LongSide;

    /// <summary>Opens what a recipe names.</summary>
    /// <exception cref="UserException">Data or vocabulary are missing or broken.</exception>
    internal static QuestionsData Open(QuestionsTask task)
    {
        var tokenizer = TextTokenizer.Open(task.Recipe.Backbones[QuestionsTask.Joint]);
        return new QuestionsData(task, QuestionSet.Open(task.Data), tokenizer);
    }

    /// <summary>A split by its name.</summary>
    /// <exception cref="UserException">There is no such split, or it is empty.</exception>
    internal QuestionSplit Split(string name) => Set.Splits.First(split => split.Name == RequireSplit(name).Name);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Fit(TaskModel model, params IReadOnlyList<string> splits)
    {
        var questions = (QuestionsModel)model;
        _tokenizer.Fit(questions.Joint.Stream, _task.Data.QuestionTokens);
        if (!Set.Answers.SequenceEqual(questions.Answers))
        {
            // An adapter on other data than it was trained on.
            if (!Set.Answers.Intersect(questions.Answers).Any())
            {
                throw new UserException($"The data and the model have no answer in common: the data have {Some(Set.Answers)}, the model {Some(questions.Answers)}.");
            }

            Set = Set.With(questions.Answers);
        }

        return [.. Set.Splits.Where(split => splits.Contains(split.Name)).Select(CutNotice).OfType<string>()];
    }

    /// <inheritdoc/>
    public override BackboneInputs Inputs(string backbone, string split)
    {
        IReadOnlyList<Question> questions = Split(split).Questions;
        return new(questions.Count, chunk => Batch([.. chunk.Select(i => questions[i])]))
        {
            Groups = Groups(questions),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Begin(TaskModel model, HiddenStateReader reader)
    {
        IReadOnlyList<string> notices = base.Begin(model, reader);
        if (!_task.Options.PretrainedAnswers)
        {
            return notices;
        }

        var questions = (QuestionsModel)model;
        int known = PretrainedAnswers.Start(questions.HeadWeights, questions.Answers, PretrainedAnswers.Find(_task.Data.Path), _task.Recipe.Backbones[QuestionsTask.Joint].WeightsFile!);
        return [string.Create(CultureInfo.InvariantCulture, $"The answer head starts from that of the pretraining, which knew {known:N0} of {questions.Answers.Count:N0} answers.")];
    }

    /// <inheritdoc/>
    public override PreparedBatch Prepare(int[] examples, int epoch, HiddenStateReader reader) => new QuestionBatch(examples, reader.Keeps(QuestionsTask.Joint) ? [] : Parts(examples));

    /// <summary>Questions about pictures of the shape that most have: a batch of one shape takes the most at once.</summary>
    public override PreparedBatch PrepareLargest(int count, HiddenStateReader reader)
    {
        int[] largest = [.. Enumerable.Range(0, TrainingExamples).GroupBy(example => Set.Pictures.IsTall(Set.Train.Questions[example].Picture)).MaxBy(group => group.Count())!];
        return Prepare([.. Enumerable.Range(0, count).Select(i => largest[i % largest.Length])], 0, reader);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Loss(TaskModel model, PreparedBatch batch, HiddenStateReader reader, StepContext step)
    {
        (var questions, var prepared) = ((QuestionsModel)model, (QuestionBatch)batch);
        using DisposeScope scope = torch.NewDisposeScope();
        if (prepared.Parts.Count == 0)
        {
            return [Term(Of(prepared.Examples, reader.Hidden(questions, QuestionsTask.Joint, "train", prepared.Examples)))];
        }

        // Pictures of one shape after the other; together the mean over all questions.
        Tensor? sum = null;
        foreach (QuestionPart part in prepared.Parts)
        {
            BackboneInput input = _inputs.Batch(part.Pictures, [.. part.Examples.Select(example => Set.Train.Questions[example].Text)]);
            Tensor loss = Of(part.Examples, questions.Joint.Hidden(input)) * Scalars.Of(part.Examples.Length / (double)prepared.Examples.Length);
            sum = sum is null ? loss : sum.Add(loss);
        }

        return [Term(sum!)];

        Tensor Of(int[] examples, HiddenStates hidden) => _loss.Forward(questions.Forward(hidden), Targets(examples));

        LossTerm Term(Tensor loss) => new("answers", scope.MoveToOuter(loss));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, double>> Evaluate(
        IReadOnlyList<TaskModel> models, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        RequireMeasurable(split);
        return [.. Choose([.. models.Cast<QuestionsModel>()], split, reader, cancellation).Select(chosen => Figures(split, chosen))];
    }

    /// <summary>The likeliest answer of models to every question of a split, by its place in the table.</summary>
    /// <exception cref="UserException">The models have other answers, or give what is not a number.</exception>
    internal IReadOnlyList<int[]> Choose(IReadOnlyList<QuestionsModel> models, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        if (models.Any(model => !model.Answers.SequenceEqual(Set.Answers)))
        {
            throw new UserException("The adapters were trained for different answers, or in another order; measure each on its own.");
        }

        using DisposeScope scope = torch.NewDisposeScope();
        return [.. reader.Collect(models, QuestionsTask.Joint, split, (model, hidden) => Best(model.Forward(hidden)), cancellation).Select(Places)];
    }

    /// <summary>What the answer that is most often the right one in train reaches.</summary>
    public override IReadOnlyDictionary<string, double> Chance(string split)
    {
        int[] right = [.. Set.Train.Questions.Select(question => question.Labels!.Best).OfType<int>()];
        int guess = right.Length == 0 ? 0 : right.CountBy(answer => answer).OrderBy(pair => pair.Key).MaxBy(pair => pair.Value).Key;
        return Set.Splits.First(part => part.Name == split).HasAnswers ? Figures(split, [.. Split(split).Questions.Select(_ => guess)]) : new Dictionary<string, double>();
    }

    /// <inheritdoc/>
    protected override string WhyEmpty(string split) => SplitName.WhyEmpty(_task.Data.Path, split, "question", Splits);

    /// <summary>The best answer of each question and its logit, <c>[B, 2]</c>: few numbers where there are thousands of answers.</summary>
    private static Tensor Best(Tensor logits)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor best = logits.argmax(1, keepdim: true);
        return scope.MoveToOuter(torch.cat([best.to(ScalarType.Float64), logits.gather(1, best).to(ScalarType.Float64)], 1));
    }

    private static int[] Places(Tensor best)
    {
        double[] values = best.to(CPU).ToArray<double>();
        return values.All(double.IsFinite)
            ? [.. values.Where((_, i) => i % 2 == 0).Select(place => (int)place)]
            : throw new UserException("What the model gives for questions is not a number any more: training went astray. Lower train.learning_rate.");
    }

    private static string Some(IReadOnlyList<string> answers) => string.Join(", ", answers.Take(3)) + (answers.Count > 3 ? ", …" : "");

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    private static string Describe(QuestionSplit split) => split.Questions.Count == 0
        ? $"no {split.Name}"
        : $"{split.Name} {Count(split.Questions.Count, "question")} from {split.Origin}{(split.HasAnswers ? "" : ", without answers")}";

    private IReadOnlyDictionary<string, double> Figures(string split, int[] chosen) => QuestionFigures.Of(_task.Data.Benchmark, Split(split).Questions, chosen, Set.Answers);

    /// <summary>The shape of each question's picture; null where all have one.</summary>
    private int[]? Groups(IReadOnlyList<Question> questions)
    {
        int[] groups = [.. questions.Select(question => Set.Pictures.IsTall(question.Picture) ? 0 : 1)];
        return groups.Distinct().Count() > 1 ? groups : null;
    }

    private BackboneInput Batch(IReadOnlyList<Question> questions)
    {
        using Tensor pictures = _inputs.Pictures(Set, questions, _task.Data.Workers);
        return _inputs.Batch(pictures, [.. questions.Select(question => question.Text)]);
    }

    private QuestionPart[] Parts(int[] examples)
    {
        var parts = new List<QuestionPart>();
        try
        {
            foreach (IGrouping<bool, int> shape in examples.GroupBy(example => Set.Pictures.IsTall(Set.Train.Questions[example].Picture)).OrderBy(shape => shape.Key))
            {
                // One thread: other batches are prepared at the same time.
                parts.Add(new QuestionPart([.. shape], _inputs.Pictures(Set, [.. shape.Select(example => Set.Train.Questions[example])], threads: 1)));
            }
        }
        catch
        {
            parts.ForEach(part => part.Pictures.Dispose());
            throw;
        }

        return [.. parts];
    }

    private Tensor Targets(int[] examples)
    {
        int width = Set.Answers.Count;
        var targets = new float[examples.Length * width];
        for (int row = 0; row < examples.Length; row++)
        {
            AnswerLabels labels = Set.Train.Questions[examples[row]].Labels!;
            foreach ((int answer, float score) in labels.Answers.Zip(labels.Scores))
            {
                targets[(row * width) + answer] = score;
            }
        }

        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(TensorData.From(targets, examples.Length, width).to(_device));
    }

    /// <summary>Says how many questions of a split are longer than is read; null for none.</summary>
    private string? CutNotice(QuestionSplit split)
    {
        int cut = split.Questions.AsParallel().WithDegreeOfParallelism(_task.Data.Workers).Count(question => _tokenizer.Cuts(question.Text));
        return cut == 0 ? null : string.Create(
            CultureInfo.InvariantCulture, $"{cut:N0} of {Count(split.Questions.Count, "question")} of the {split.Name} split are longer than {_tokenizer.Room} tokens and were cut.");
    }
}
