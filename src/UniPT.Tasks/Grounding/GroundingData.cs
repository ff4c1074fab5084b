using System.Globalization;
using System.Text;
using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Backbones.Tokenizers;
using UniPT.Tasks.Grounding.Data;
using UniPT.Tasks.Grounding.Heads;
using UniPT.Tasks.Grounding.Inputs;
using UniPT.Tasks.Grounding.Losses;
using UniPT.Tasks.Grounding.Spans;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Grounding;

/// <summary>Expressions on pictures, and how an MDETR is fed with them.</summary>
internal sealed class GroundingData : TaskData
{
    private readonly GroundingTask _task;
    private readonly ExpressionDataSet _set;
    private readonly TextTokenizer _tokenizer;
    private readonly GroundingInputs _inputs;
    private readonly GroundingCriterion _criterion;
    private readonly Device _device;

    private GroundingData(GroundingTask task, ExpressionDataSet set, TextTokenizer tokenizer) : base(task)
    {
        (_task, _set, _tokenizer, _device) = (task, set, tokenizer, task.Recipe.Device.Name());
        (_inputs, _criterion) = (new GroundingInputs(task.Data.Workers), new GroundingCriterion(task.Options.Loss));
    }

    /// <inheritdoc/>
    public override string Fingerprint => _set.Fingerprint;

    /// <inheritdoc/>
    public override IReadOnlyList<SplitFacts> Splits => [.. _set.Splits.Select(split => new SplitFacts(split.Name, split.Expressions.Count, Count(split)))];

    /// <inheritdoc/>
    public override string Summary => PrintableText.Of($"{_task.Data.Path}: {string.Join("; ", _set.Splits.Select(split =>
        split.Expressions.Count == 0 ? $"no {split.Name}" : $"{split.Name} {Count(split)} from {string.Join(", ", split.Origins)}"))}.");

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => _set.Notices;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Conditions =>
        new Dictionary<string, string> { ["Image size"] = $"shorter side {_task.Data.Size} px, longer side {_task.Data.MaxSide} px at most" };

    /// <inheritdoc/>
    public override int TrainingExamples => Train.Count;

    /// <inheritdoc/>
    public override long PreparedBytes => 4L * _task.Data.Sizes.Max() * _task.Data.MaxSide * sizeof(float);

    private IReadOnlyList<Expression> Train => _set.Splits[0].Expressions;

    /// <summary>Opens what a recipe names.</summary>
    /// <exception cref="UserException">Data or vocabulary are missing or broken.</exception>
    internal static GroundingData Open(GroundingTask task)
    {
        var tokenizer = TextTokenizer.Open(task.Recipe.Backbones[GroundingTask.Joint]);
        return new GroundingData(task, ExpressionDataSet.Open(task.Data), tokenizer);
    }

    /// <summary>A split by its name.</summary>
    /// <exception cref="UserException">There is none, or it is empty.</exception>
    internal ExpressionSplit Split(string name) => _set.Splits.First(split => split.Name == RequireSplit(name).Name);

    /// <summary>The picture of an expression.</summary>
    internal RgbImage Picture(Expression expression) => ImageDecoder.Decode(_set.Pictures.Read(expression.File), expression.File);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Fit(TaskModel model, params IReadOnlyList<string> splits)
    {
        _tokenizer.Fit(((GroundingModel)model).Joint.Stream);
        return [.. _set.Splits.Where(split => splits.Contains(split.Name)).Select(CutNotice).OfType<string>()];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Begin(TaskModel model, HiddenStateReader reader) =>
    [
        .. base.Begin(model, reader),
        ((GroundingModel)model).HasPretrainedHeads
            ? "The heads start from those of the backbone's file."
            : $"The heads are new{(_task.Options.PretrainedHeads is null ? ": the backbone's file has none (task.pretrained_heads)" : "")}.",
    ];

    /// <inheritdoc/>
    public override BackboneInputs Inputs(string backbone, string split)
    {
        IReadOnlyList<Expression> expressions = Split(split).Expressions;
        return new(expressions.Count, chunk =>
        {
            Expression[] some = [.. chunk.Select(i => expressions[i])];
            using PaddedPictures pictures = _inputs.Load(_set.Pictures, some, [.. some.Select(expression => PicturePlan.Plain(_task.Data, expression.Height, expression.Width, expression.Box))]);
            return GroundingInputs.Join(pictures, [.. some.Select(expression => _tokenizer.Encode(expression.Text))], _device);
        })
        {
            // Together with wide ones, tall ones would be padded to squares.
            Groups = [.. expressions.Select(expression => expression.Height > expression.Width ? 1 : 0)],
            AtOnce = _task.Recipe.Train.BatchSize,
        };
    }

    /// <inheritdoc/>
    public override PreparedBatch Prepare(int[] examples, int epoch, HiddenStateReader reader) => Prepare(
        examples, (expression, example) => PicturePlan.Drawn(_task.Data, expression.Height, expression.Width, expression.Box, _task.Recipe.Seed, epoch, example));

    /// <summary>The widest and the tallest picture, to whose sides a batch is padded, the longest expression, and others from all over the split.</summary>
    public override PreparedBatch PrepareLargest(int count, HiddenStateReader reader)
    {
        IEnumerable<int> all = Enumerable.Range(0, Train.Count);
        PicturePlan[] plans = [.. Train.Select(Largest)];
        int[] extremes = [all.MaxBy(i => plans[i].Width), all.MaxBy(i => plans[i].Height), all.MaxBy(i => _tokenizer.Encode(Train[i].Text).Length)];
        int[] examples = [.. extremes.Concat(Enumerable.Range(0, count).Select(i => (int)((long)i * Train.Count / count))).Take(count)];
        return Prepare(examples, (expression, _) => Largest(expression));

        PicturePlan Largest(Expression expression) => PicturePlan.Largest(_task.Data, expression.Height, expression.Width, expression.Box);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Loss(TaskModel model, PreparedBatch batch, HiddenStateReader reader, StepContext step)
    {
        (var grounding, var prepared) = ((GroundingModel)model, (GroundingBatch)batch);
        using DisposeScope scope = torch.NewDisposeScope();
        BackboneInput input = GroundingInputs.Join(prepared.Pictures, prepared.Ids, _device);
        HiddenStates hidden = grounding.Joint.Hidden(input);
        IReadOnlyList<GroundingPredictions> outputs = grounding.Predict(hidden);
        Tensor words = grounding.Heads.Tokens(hidden, input.Tokens!.size(1));
        Tensor? padding = _task.Options.AlignPadding ? null : Scalars.Of(1) - input.Mask!;
        IReadOnlyList<LossTerm> terms = _criterion.Terms(_criterion.Forward(outputs, words, prepared.Targets(_device), padding: padding));
        scope.MoveToOuter(terms.Select(term => term.Value));
        return terms;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, double>> Evaluate(
        IReadOnlyList<TaskModel> models, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        IReadOnlyList<Expression> expressions = Split(split).Expressions;
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. Find([.. models.Cast<GroundingModel>()], split, reader, cancellation).Select(rows => GroundingFigures.Measure(_task.Options, _task.Data, expressions, rows))];
    }

    /// <summary>What models find for every expression of a split, <c>[n, Q, 5]</c> each as <see cref="GroundingPredictions.Rows"/>, in the current scope.</summary>
    internal IReadOnlyList<Tensor> Find(IReadOnlyList<GroundingModel> models, string split, HiddenStateReader reader, CancellationToken cancellation) =>
        reader.Collect(models, GroundingTask.Joint, split, (model, hidden) => model.Rows(hidden), cancellation);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _set.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override string WhyEmpty(string split) => $"{_task.Data.Path} has no expressions for {split}; it has some for {string.Join(" and ", Splits.Where(other => other.Examples > 0).Select(other => other.Name))}.";

    private GroundingBatch Prepare(int[] examples, Func<Expression, int, PicturePlan> planned)
    {
        Expression[] expressions = [.. examples.Select(example => Train[example])];
        PicturePlan[] plans = [.. examples.Select(example => planned(Train[example], example))];
        PlacedExpression[] texts = [.. expressions.Select(Placed)];
        return GroundingBatch.Of(_task.Options, examples, _inputs.Load(_set.Pictures, expressions, plans), plans, texts);
    }

    private PlacedExpression Placed(Expression expression)
    {
        IReadOnlyList<PlacedToken> tokens = _tokenizer.EncodePlaced(expression.Text);
        return new([.. tokens.Select(token => token.Id)], new TokenMap(expression.Text, tokens), expression.Spans);
    }

    /// <summary>Says how many expressions of a split are longer than the backbone reads; null for none.</summary>
    private string? CutNotice(ExpressionSplit split)
    {
        // A token has a byte at least, so that hardly any need be looked at.
        int cut = split.Expressions.Count(expression => Encoding.UTF8.GetByteCount(expression.Text) + _tokenizer.Fewest > _tokenizer.Room && _tokenizer.Cuts(expression.Text));
        return cut == 0 ? null : string.Create(
            CultureInfo.InvariantCulture, $"{cut:N0} of {split.Expressions.Count:N0} expressions of the {split.Name} split are longer than {_tokenizer.Room} tokens and were cut.");
    }

    private static string Count(ExpressionSplit split) => string.Create(CultureInfo.InvariantCulture, $"{split.Expressions.Count:N0} expressions on {split.Pictures:N0} pictures");
}
