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
        _positive = set.Target == TextTarget.Classification ? Positive() : null;
    }

    /// <summary>The three splits.</summary>
    internal TextDataSet Set { get; private set; }

    /// <inheritdoc/>
    public override string Fingerprint => Set.Fingerprint;

    /// <inheritdoc/>
    public override IReadOnlyList<SplitFacts> Splits => [.. Parts.Select(part => new SplitFacts(part.Name, part.Split.Examples.Count, Count(part.Split)))];

    /// <inheritdoc/>
    public override string Summary
    {
        get
        {
            bool isOne = Parts.Select(part => part.Split.Origin).Distinct().Count() == 1;
            IEnumerable<string> splits = Parts.Select(part =>
                part.Split.Examples.Count == 0 ? $"no {part.Name}" : $"{part.Name} {Count(part.Split)}{(isOne ? "" : $" from {part.Split.Origin}")}");
            return PrintableText.Of($"{_task.Data.Path}: {string.Join(", ", splits)}{(isOne ? $", by {Set.Train.Origin}" : "")}.");
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => Set.Notices;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, IReadOnlyList<string>> Content
    {
        get
        {
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

    private IEnumerable<(string Name, TextSplit Split)> Parts => [("train", Set.Train), ("val", Set.Val), ("test", Set.Test)];

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
            _positive = Positive();
        }

        return [.. Parts.Where(part => splits.Contains(part.Name) && part.Split.Examples.Count > 0).Select(CutNotice).OfType<string>()];
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
        TextSplit part = Split(split);
        TextsModel[] texts = [.. models.Cast<TextsModel>()];
        RequireLabels(Set.Labels, texts.Select(model => model.Labels));
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<Tensor> outputs = reader.Collect(texts, TextsTask.Text, split, (model, hidden) => model.Forward(hidden), cancellation);
        return [.. texts.Zip(outputs, (model, output) => Measure(part, model, output))];
    }

    /// <summary>What the most frequent label of train reaches, or a constant number.</summary>
    public override IReadOnlyDictionary<string, double> Chance(string split)
    {
        TextSplit part = Split(split);
        double guess = Set.Target == TextTarget.Classification ? MostFrequent(Set.Train.Examples.Select(example => example.Target)) : 0;
        return Figures(part, [.. part.Examples.Select(_ => guess)]);
    }

    private IReadOnlyDictionary<string, double> Measure(TextSplit part, TextsModel model, Tensor output)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        if (!output.isfinite().all().item<bool>())
        {
            throw new UserException("What the model gives for texts is not a number any more: training went astray. Lower train.learning_rate.");
        }

        return Figures(part, Set.Target == TextTarget.Classification
            ? [.. output.argmax(1).to(CPU).ToArray<long>().Select(label => (double)label)]
            : [.. model.Number(output).to(CPU).ToArray<float>().Select(number => (double)number)]);
    }

    private IReadOnlyDictionary<string, double> Figures(TextSplit part, double[] predicted)
    {
        double[] truth = [.. part.Examples.Select(example => example.Target)];
        return Set.Target == TextTarget.Classification
            ? LabelFigures.Of(Array.ConvertAll(truth, label => (int)label), Array.ConvertAll(predicted, label => (int)label), _positive)
            : TextFigures.OfNumbers(truth, predicted);
    }

    /// <summary>The label that F1 is of; null for the mean over labels.</summary>
    private int? Positive()
    {
        if (_task.Options.Positive is not { } given)
        {
            return Set.Labels.Count == 2 ? 1 : null;
        }

        int place = Set.Labels.ToList().IndexOf(given);
        return place >= 0 && Set.Labels.Count == 2
            ? place
            : throw new UserException($"task.positive is {given}; expected {(Set.Labels.Count == 2 ? $"{Set.Labels[0]} or {Set.Labels[1]}" : $"none because there are {Set.Labels.Count} labels, over which f1 is the mean")}.");
    }

    private TextSplit Split(string name) => Parts.First(part => part.Name == RequireSplit(name).Name).Split;

    private IReadOnlyList<TokenizedText> Read(string split)
    {
        lock (_read)
        {
            return _read.TryGetValue(split, out IReadOnlyList<TokenizedText>? known)
                ? known
                : _read[split] = [.. Split(split).Examples.Select(example => _tokenizer.Read(example.Text, example.SecondText))];
        }
    }

    /// <summary>A sentence where texts of a split are longer than the backbone reads.</summary>
    private string? CutNotice((string Name, TextSplit Split) part)
    {
        int cut = Read(part.Name).Count(text => text.IsCut);
        return cut == 0 ? null : $"{cut} of {Count(part.Split)} in {part.Name} {(cut == 1 ? "is" : "are")} longer than {_tokenizer.Room} tokens and cut.";
    }

    private string Count(TextSplit split) => string.Create(
        CultureInfo.InvariantCulture, $"{split.Examples.Count:N0} {(_task.Data.HasPairs ? "pair" : "text")}{(split.Examples.Count == 1 ? "" : "s")}{(_task.Data.HasPairs ? " of texts" : "")}");
}
