using System.Globalization;
using UniPT.Backbones;
using UniPT.Backbones.T5;
using UniPT.Backbones.Tokenizers;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Texts;
using UniPT.Tasks.Texts.Data;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.TextToText;

/// <summary>Sources and what is to be written of them.</summary>
internal sealed class TextToTextData : LabelledData
{
    private const int BatchSize = 64;
    private readonly TextToTextTask _task;
    private readonly TextTokenizer _tokenizer;
    private readonly Device _device;
    private readonly Dictionary<string, IReadOnlyList<TokenizedText>> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[]> _targets = new(StringComparer.Ordinal);
    private TextToTextModel? _model;

    private TextToTextData(TextToTextTask task, TextDataSet set, TextTokenizer tokenizer) : base(task, TextToTextTask.Text, task.Data.Path)
    {
        (_task, Set, _tokenizer, _device) = (task, set, tokenizer, task.Recipe.Device.Name());
        Positive(set.Labels);
    }

    /// <summary>The three splits.</summary>
    internal TextDataSet Set { get; private set; }

    /// <inheritdoc/>
    public override string Fingerprint => Set.Fingerprint;

    /// <inheritdoc/>
    public override IReadOnlyList<SplitFacts> Splits =>
        [.. Set.Splits.Select(part => new SplitFacts(part.Name, part.Split.Examples.Count, Count(part.Split)) { HasAnswers = part.Split.HasAnswers })];

    /// <inheritdoc/>
    public override string Summary => Set.Summary(_task.Data);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => Set.Notices;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, IReadOnlyList<string>> Content => Set.Target == TextTarget.Classification
        ? new Dictionary<string, IReadOnlyList<string>> { [TextToTextModel.LabelsKey] = Set.Labels }
        : new Dictionary<string, IReadOnlyList<string>>();

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Conditions => new Dictionary<string, string>
    {
        ["Longest source"] = $"{Sources("train").Max(text => text.Ids.Length)} tokens",
        ["Longest target"] = $"{Set.Train.Examples.Max(example => Target(example).Length)} tokens",
    };

    /// <inheritdoc/>
    public override int TrainingExamples => Set.Train.Examples.Count;

    /// <summary>Those of train: evaluation writes token by token, which no kept state knows beforehand.</summary>
    public override IReadOnlyList<string> KeptSplits => ["train"];

    /// <summary>Opens what a recipe names.</summary>
    /// <exception cref="UserException">Data or vocabulary are missing or broken.</exception>
    internal static TextToTextData Open(TextToTextTask task)
    {
        var tokenizer = TextTokenizer.Open(task.Recipe.Backbones[TextToTextTask.Text]);
        int most = task.Options.MaxLength - 1;
        string? TooLong(string written, double target) => tokenizer.Encode(task.Form.Write(target, written)).Length is var tokens && tokens > most
            ? $"is {tokens} tokens long when it is written; expected at most {most}, which task.max_length leaves beside the start token"
            : null;
        return new TextToTextData(task, TextDataSet.Open(task.Data, task.Target, SeededSplit.Seed, TooLong), tokenizer);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Fit(TaskModel model, params IReadOnlyList<string> splits)
    {
        _model = (TextToTextModel)model;
        _tokenizer.Fit(_model.Network.Streams[BackboneStream.Encoder], _task.MaxTokens);
        if (Set.Target == TextTarget.Classification && !Set.Labels.SequenceEqual(_model.Labels))
        {
            // An adapter on other data than it was trained on.
            Set = Set.With(_model.Labels);
            Positive(Set.Labels);
        }

        return [.. Set.Splits.Where(part => splits.Contains(part.Name) && part.Split.Examples.Count > 0).Select(part => part.Split.CutNotice(part.Name, Sources(part.Name), _tokenizer.Room, _task.Data.HasPairs)).Append(UnwritableNotice()).OfType<string>()];
    }

    /// <inheritdoc/>
    public override BackboneInputs Inputs(string backbone, string split)
    {
        IReadOnlyList<TokenizedText> sources = Sources(split);
        int[][] targets = [.. Split(split).Examples.Select(Target)];
        return new(
            sources.Count,
            chunk => _model!.Input([.. chunk.Select(i => sources[i].Ids)], [.. chunk.Select(i => targets[i])]),
            [.. targets.Select(target => Math.Max(1, target.Length))])
        {
            MemoryLengths = [.. sources.Select(source => source.Ids.Length)],
        };
    }

    /// <summary>The longest sources, of which those with the longest targets.</summary>
    public override PreparedBatch PrepareLargest(int count, HiddenStateReader reader)
    {
        IReadOnlyList<TokenizedText> sources = Sources("train");
        int[] longest = [.. Enumerable.Range(0, sources.Count).OrderByDescending(i => sources[i].Ids.Length + Target(Set.Train.Examples[i]).Length).Take(count)];
        return new LabelledBatch(TextToTextTask.Text, [.. Enumerable.Range(0, count).Select(i => longest[i % longest.Length])]);
    }

    /// <summary>Cross-entropy of every token that is to be written, the end token included, given those before it.</summary>
    public override IReadOnlyList<LossTerm> Loss(TaskModel model, PreparedBatch batch, HiddenStateReader reader, StepContext step)
    {
        (var writer, int[] examples) = ((TextToTextModel)model, ((LabelledBatch)batch).Examples);
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates hidden = reader.Hidden(writer, TextToTextTask.Text, "train", examples);
        (long[] ids, Tensor places) = writer.Written([.. examples.Select(example => Target(Set.Train.Examples[example]))], hidden.Layers[^1].size(1));
        Tensor loss = nn.functional.cross_entropy(writer.Scores(hidden, places), TensorData.From(ids, ids.Length).to(_device));
        return [new LossTerm("cross_entropy", scope.MoveToOuter(loss))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, double>> Evaluate(
        IReadOnlyList<TaskModel> models, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        RequireMeasurable(split);
        return [.. Write([.. models.Cast<TextToTextModel>()], split, cancellation).Select(written => Figures(Split(split), written))];
    }

    /// <summary>What the most frequent label or text of train reaches, or a constant number.</summary>
    public override IReadOnlyDictionary<string, double> Chance(string split)
    {
        TextSplit part = Split(split);
        string guess = Set.Target == TextTarget.Regression ? "0" : Written(MostFrequent(Set.Train.Examples.Select(example => example.Target)));
        return Figures(part, [.. part.Examples.Select(_ => guess)]);
    }

    /// <summary>What models write for every example of a split. The encoder runs once for all of them, and for all tokens.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Write(TextToTextModel[] models, string split, CancellationToken cancellation)
    {
        RequireSplit(split);
        RequireLabels(Set.Labels, models.Where(model => model.Labels.Count > 0).Select(model => model.Labels));
        IReadOnlyList<TokenizedText> sources = Sources(split);
        string[][] written = [.. models.Select(_ => new string[sources.Count])];

        // Sources of like lengths, so that little is padding.
        foreach (int[] chunk in Enumerable.Range(0, sources.Count).OrderBy(i => sources[i].Ids.Length).Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            TorchErrors.Explain(() => WriteChunk(chunk), $"evaluation takes {BatchSize} examples at once: it needs a lower {_task.InputSizeOption} or more memory");
        }

        return written;

        int WriteChunk(int[] chunk)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable inference = torch.inference_mode();
            using T5Decoding decoding = models[0].Network.Begin(BackboneInput.Texts([.. chunk.Select(i => sources[i].Ids)], _device));
            for (int model = 0; model < models.Length; model++)
            {
                foreach ((int place, int[] ids) in models[model].Generate(decoding).Index())
                {
                    written[model][chunk[place]] = _tokenizer.Decode(ids);
                }
            }

            return chunk.Length;
        }
    }

    /// <summary>The examples of a split.</summary>
    /// <exception cref="UserException">There is none of that name, or it is empty.</exception>
    internal TextSplit Split(string name) => Set.Splits.First(part => part.Name == RequireSplit(name).Name).Split;

    private IReadOnlyDictionary<string, double> Figures(TextSplit part, IReadOnlyList<string> written) => Set.Target switch
    {
        TextTarget.Classification => WrittenFigures.OfLabels(
            _task.Form.Write(Set.Labels), [.. part.Examples.Select(example => (int)example.Target)], written, Positive(Set.Labels)),
        TextTarget.Regression => WrittenFigures.OfNumbers([.. part.Examples.Select(example => example.Target)], written),
        _ => WrittenFigures.OfTexts([.. part.Examples.Select(example => Writable(Written(example.Target)))], written),
    };

    private int? Positive(IReadOnlyList<string> labels) => _task.Target == TextTarget.Classification ? LabelFigures.Positive(labels, _task.Options.Positive) : null;

    private string Written(double target) => _task.Form.Write(target, Set.Target == TextTarget.Regression ? "" : Set.Labels[(int)target]);

    /// <summary>A text as the vocabulary gives it back, whose normal form it has and in which what it does not know is lost.</summary>
    private string Writable(string text) => _tokenizer.Decode(_tokenizer.Encode(text));

    /// <summary>The ids that are to be written; none where nobody knows them.</summary>
    private int[] Target(TextExample example)
    {
        if (double.IsNaN(example.Target))
        {
            return [];
        }

        string written = Written(example.Target);
        lock (_targets)
        {
            return _targets.TryGetValue(written, out int[]? known) ? known : _targets[written] = _tokenizer.Encode(written);
        }
    }

    private IReadOnlyList<TokenizedText> Sources(string split)
    {
        lock (_sources)
        {
            if (!_sources.TryGetValue(split, out IReadOnlyList<TokenizedText>? read))
            {
                IReadOnlyList<TextExample> examples = Split(split).Examples;
                _sources[split] = read = _tokenizer.Read(examples.Count, i => (_task.Source.Write(examples[i].Text, examples[i].SecondText), null), _task.Data.Workers);
            }

            return read;
        }
    }

    /// <summary>A sentence where what is to be written is not what the vocabulary can write.</summary>
    private string? UnwritableNotice()
    {
        string[] changed = [.. Set.Labels.Select((_, index) => Written(index)).Where(text => Writable(text) != text)];
        return changed.Length == 0
            ? null
            : PrintableText.Of(string.Create(
                CultureInfo.InvariantCulture,
                $"The vocabulary cannot write {changed.Length:N0} of {Set.Labels.Count:N0} different targets as they are: \"{changed[0]}\" becomes \"{Writable(changed[0])}\"."));
    }

    private string Count(TextSplit split) => split.Count(_task.Data.HasPairs);
}
