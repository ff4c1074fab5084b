using System.Globalization;
using UniPT.Backbones;
using UniPT.Backbones.Tokenizers;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Texts.Data;
using UniPT.Tasks.Texts.Metrics;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Texts;

/// <summary>Texts with labels or numbers, and how the backbone is fed with them.</summary>
internal sealed class TextsData : LabelledData
{
    private readonly TextsTask _task;
    private readonly TextTokenizer _tokenizer;
    private readonly Device _device;
    private int? _positive;
    private readonly Dictionary<string, IReadOnlyList<TokenizedText>> _read = new(StringComparer.Ordinal);

    private TextsData(TextsTask task, TextDataSet set, TextTokenizer tokenizer) : base(task, TextsTask.Text, task.Data.Path)
    {
        (_task, Set, _tokenizer, _device) = (task, set, tokenizer, task.Recipe.Device.Name());
        _positive = set.Target == TextTarget.Classification ? LabelFigures.Positive(set.Labels, task.Options.Positive) : null;
    }

    /// <summary>The three splits.</summary>
    internal TextDataSet Set { get; private set; }

    /// <inheritdoc/>
    public override string Fingerprint => Set.Fingerprint;

    /// <inheritdoc/>
    public override IReadOnlyList<SplitFacts> Splits => [.. Set.Splits.Select(part => new SplitFacts(part.Name, part.Split.Examples.Count, Count(part.Split)) { HasAnswers = part.Split.HasAnswers })];

    /// <inheritdoc/>
    public override string Summary => Set.Summary(_task.Data);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => Set.Notices;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, IReadOnlyList<string>> Content
    {
        get
        {
            RequireSplit(SplitName.Splits[0]);
            if (Set.Target == TextTarget.Classification)
            {
                return new Dictionary<string, IReadOnlyList<string>> { [TextsModel.LabelsKey] = Set.Labels };
            }

            double mean = Set.Train.Examples.Average(example => example.Target);
            double deviation = Math.Sqrt(Set.Train.Examples.Average(example => (example.Target - mean) * (example.Target - mean)));
            return new Dictionary<string, IReadOnlyList<string>>
            {
                [TextsModel.ScaleKey] = [mean.ToString("R", CultureInfo.InvariantCulture), deviation.ToString("R", CultureInfo.InvariantCulture)],
            };
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Conditions =>
        new Dictionary<string, string> { ["Longest text"] = $"{Read("train").Max(text => text.Ids.Length)} tokens" };

    /// <inheritdoc/>
    public override int TrainingExamples => Set.Train.Examples.Count;

    /// <summary>Opens what a recipe names.</summary>
    /// <exception cref="UserException">Data or vocabulary are missing or broken.</exception>
    internal static TextsData Open(TextsTask task)
    {
        var tokenizer = TextTokenizer.Open(task.Recipe.Backbones[TextsTask.Text]);
        return new TextsData(task, TextDataSet.Open(task.Data, task.Target, SeededSplit.Seed), tokenizer);
    }

    /// <summary>A padded batch of texts.</summary>
    internal static BackboneInput Batch(IReadOnlyList<TokenizedText> texts, Device device) => BackboneInput.Texts(
        [.. texts.Select(text => text.Ids)], device, texts.Any(text => text.Segments is not null) ? [.. texts.Select(text => text.Segments ?? new int[text.Ids.Length])] : null);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Fit(TaskModel model, params IReadOnlyList<string> splits)
    {
        var texts = (TextsModel)model;
        _tokenizer.Fit(texts.Text.Stream, _task.Data.MaxTokens);
        if (!Set.Labels.SequenceEqual(texts.Labels))
        {
            // An adapter on other data than it was trained on.
            Set = Set.With(texts.Labels);
            _positive = LabelFigures.Positive(Set.Labels, _task.Options.Positive);
        }

        return [.. Set.Splits.Where(part => splits.Contains(part.Name) && part.Split.Examples.Count > 0).Select(part => part.Split.CutNotice(part.Name, Read(part.Name), _tokenizer.Room, _task.Data.HasPairs)).OfType<string>()];
    }

    /// <inheritdoc/>
    public override BackboneInputs Inputs(string backbone, string split)
    {
        IReadOnlyList<TokenizedText> texts = Read(split);
        return new(texts.Count, chunk => Batch([.. chunk.Select(i => texts[i])], _device), [.. texts.Select(text => text.Ids.Length)]);
    }

    /// <summary>The longest texts.</summary>
    public override PreparedBatch PrepareLargest(int count, HiddenStateReader reader)
    {
        IReadOnlyList<TokenizedText> texts = Read("train");
        int[] longest = [.. Enumerable.Range(0, texts.Count).OrderByDescending(i => texts[i].Ids.Length).Take(count)];
        return new LabelledBatch(TextsTask.Text, [.. Enumerable.Range(0, count).Select(i => longest[i % longest.Length])]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Loss(TaskModel model, PreparedBatch batch, HiddenStateReader reader, StepContext step)
    {
        (var texts, int[] examples) = ((TextsModel)model, ((LabelledBatch)batch).Examples);
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor output = texts.Forward(reader.Hidden(texts, TextsTask.Text, "train", examples));
        double[] targets = [.. examples.Select(example => Set.Train.Examples[example].Target)];
        Tensor loss = Set.Target == TextTarget.Classification
            ? nn.functional.cross_entropy(output, TensorData.From(Array.ConvertAll(targets, target => (long)target), targets.Length).to(_device), label_smoothing: _task.Options.LabelSmoothing)
            : nn.functional.mse_loss(output, TensorData.From(Array.ConvertAll(targets, target => (float)((target - texts.Mean) / texts.Deviation)), targets.Length, 1).to(_device));
        return [new LossTerm(Set.Target == TextTarget.Classification ? "cross_entropy" : "squared_error", scope.MoveToOuter(loss))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, double>> Evaluate(
        IReadOnlyList<TaskModel> models, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        RequireMeasurable(split);
        return [.. Predicted([.. models.Cast<TextsModel>()], split, reader, cancellation).Select(predicted => Figures(Split(split), predicted))];
    }

    /// <summary>What models predict of every example of a split: indices of labels, or numbers as the data have them.</summary>
    internal IEnumerable<double[]> Predicted(TextsModel[] models, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        RequireSplit(split);
        RequireLabels(Set.Labels, models.Select(model => model.Labels));
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<Tensor> outputs = reader.Collect(models, TextsTask.Text, split, (model, hidden) => model.Forward(hidden), cancellation);
        return [.. models.Zip(outputs, Predicted)];
    }

    /// <summary>What the most frequent label of train reaches, or a constant number.</summary>
    public override IReadOnlyDictionary<string, double> Chance(string split)
    {
        TextSplit part = Split(split);
        double guess = Set.Target == TextTarget.Classification ? MostFrequent(Set.Train.Examples.Select(example => example.Target)) : 0;
        return Figures(part, [.. part.Examples.Select(_ => guess)]);
    }

    private double[] Predicted(TextsModel model, Tensor output)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        if (!output.isfinite().all().item<bool>())
        {
            throw new UserException("What the model gives for texts is not a number any more: training went astray. Lower train.learning_rate.");
        }

        return Set.Target == TextTarget.Classification
            ? [.. output.argmax(1).to(CPU).ToArray<long>().Select(label => (double)label)]
            : [.. model.Number(output).to(CPU).ToArray<float>().Select(number => (double)number)];
    }

    private IReadOnlyDictionary<string, double> Figures(TextSplit part, double[] predicted)
    {
        double[] truth = [.. part.Examples.Select(example => example.Target)];
        return Set.Target == TextTarget.Classification
            ? LabelFigures.Of(Array.ConvertAll(truth, label => (int)label), Array.ConvertAll(predicted, label => (int)label), _positive)
            : TextFigures.OfNumbers(truth, predicted);
    }

    /// <summary>The examples of a split.</summary>
    /// <exception cref="UserException">There is none of that name, or it is empty.</exception>
    internal TextSplit Split(string name) => Set.Splits.First(part => part.Name == RequireSplit(name).Name).Split;

    private IReadOnlyList<TokenizedText> Read(string split)
    {
        lock (_read)
        {
            if (!_read.TryGetValue(split, out IReadOnlyList<TokenizedText>? read))
            {
                IReadOnlyList<TextExample> examples = Split(split).Examples;
                _read[split] = read = _tokenizer.Read(examples.Count, i => (examples[i].Text, examples[i].SecondText), _task.Data.Workers);
            }

            return read;
        }
    }

    private string Count(TextSplit split) => split.Count(_task.Data.HasPairs);
}
