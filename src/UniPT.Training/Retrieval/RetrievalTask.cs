using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Inputs;
using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Tasks.Retrieval.Model;
using UniPT.Torch;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Training.Retrieval;

/// <summary>Image–text retrieval as the training loop sees it.</summary>
internal sealed class RetrievalTask : TrainingTask
{
    private readonly Recipe _recipe;
    private readonly RetrievalModel _model;
    private readonly RetrievalObjective _objective;
    private readonly RetrievalData _data;
    private readonly ImageCaptionSplit _train;
    private readonly PictureLoader _loader;
    private readonly PairOrder _order;
    private readonly IReadOnlyList<int[]> _captions;
    private readonly string[] _texts;
    private readonly Func<string, int, int, int[]>? _varied;
    private readonly RetrievalEvaluator _validation;
    private readonly RetrievalCaches? _trainCache;
    private readonly RetrievalCaches? _validationCache;
    private readonly CacheShelf? _ownShelf;
    private readonly Action<string> _saveAdapter;
    private EpochPlan? _plan;

    internal RetrievalTask(
        Recipe recipe,
        RetrievalModel model,
        RetrievalObjective objective,
        RetrievalData data,
        ImageCaptionSplit train,
        ImageCaptionSplit val,
        string cacheFolder,
        Action<string> saveAdapter,
        CacheShelf? shared = null)
    {
        _recipe = recipe;
        _model = model;
        _train = train;
        _captions = data.Tokenize(_train);
        _loader = data.Loader;
        _order = new PairOrder(_train, recipe.Data.Captions, recipe.Seed);
        _texts = [.. train.Images.SelectMany(image => image.Captions)];
        _varied = recipe.Data.CaptionWordDrop > 0 ? data.Tokenizer.Varied(recipe.Data.CaptionWordDrop, recipe.Seed) : null;
        (_objective, _data) = (objective, data);
        _validation = data.Evaluator(val);
        _saveAdapter = saveAdapter;
        if (recipe.Train.Cache && !model.ChangesHiddenStates)
        {
            Device device = recipe.Device.Name();
            BackboneStream image = model.Image.Tuned.Stream;
            BackboneStream text = model.Text.Tuned.Stream;
            CacheShelf shelf = shared ?? (_ownShelf = new CacheShelf());
            _trainCache = shelf.Get("train", recipe, model, data, () =>
                RetrievalCaches.Build(cacheFolder, "train", image, text, _train, _captions, _loader, device));
            _validationCache = shelf.Get("val", recipe, model, data, () =>
                RetrievalCaches.Build(cacheFolder, "val", image, text, val, data.Tokenize(val), _loader, device));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterGroup> ParameterGroups => RetrievalParameters.Groups(_model, _recipe.Train);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State => _model.TrainedState();

    /// <inheritdoc/>
    public override long WeightBytes => _model.WeightBytes;

    /// <inheritdoc/>
    public override int StepsPerEpoch
    {
        get
        {
            int full = _order.Count / _recipe.Train.BatchSize;
            bool rest = _order.Count % _recipe.Train.BatchSize > 0;
            return rest && (!_recipe.Train.DropLast || full == 0) ? full + 1 : full;
        }
    }

    /// <inheritdoc/>
    public override int ExamplesOf(int stepInEpoch) =>
        Math.Min(_recipe.Train.BatchSize, _order.Count - (stepInEpoch * _recipe.Train.BatchSize));

    /// <inheritdoc/>
    public override IEnumerable<string> Begin()
    {
        FisherInformation.Start(_recipe, _model, _data, _train);
        (TunedBackbone image, TunedBackbone text) = (_model.Image.Tuned, _model.Text.Tuned);
        using DisposeScope scope = torch.NewDisposeScope();
        RetrievalEvaluator split = new(_train, _loader, _captions, _recipe.Device.Name());
        Tensor? pictures = (image as IStandardizing)?.Standardization?.Fit(split.PoolPictures(_model, _trainCache?.Pictures));
        Tensor? captions = (text as IStandardizing)?.Standardization?.Fit(split.PoolCaptions(_model, _trainCache?.Texts));
        if (image is IHasDirectPath { Direct: { Options.CorrelationStart: true } imagePath } besideImage && text is IHasDirectPath { Direct: { } textPath } besideText)
        {
            if (!CorrelationStart.Apply(pictures!, captions!, split.Owners, imagePath, textPath))
            {
                return ["The pictures of the training split, or their captions, are all alike, so that training begins without method.direct.correlation_start."];
            }

            besideImage.Silence();
            besideText.Silence();
        }

        return [];
    }

    /// <inheritdoc/>
    public override IDisposable Prepare(int epoch, int stepInEpoch)
    {
        (int Picture, int Caption)[] pairs = Plan(epoch).AsSpan(stepInEpoch * _recipe.Train.BatchSize, ExamplesOf(stepInEpoch)).ToArray();
        int[] pictures = Array.ConvertAll(pairs, pair => pair.Picture);
        Tensor? pixels = _trainCache is null ? _loader.LoadAugmented(_train, pictures, epoch) : null;
        int[] captions = Array.ConvertAll(pairs, pair => pair.Caption);
        return new RetrievalBatch(pictures, captions, Array.ConvertAll(captions, caption => Ids(caption, epoch)), pixels);
    }

    /// <inheritdoc/>
    public override Tensor Loss(IDisposable prepared, int epoch, int stepInEpoch)
    {
        var batch = (RetrievalBatch)prepared;
        using DisposeScope scope = torch.NewDisposeScope();
        long step = ((long)epoch * StepsPerEpoch) + stepInEpoch;
        var random = new Random(StepSeed.Of(_recipe.Seed, step).GetHashCode());
        Tensor images = EmbedPictures(batch, random);
        Tensor captions = EmbedCaptions(batch, random);
        return scope.MoveToOuter(_objective.Compute(images, captions, epoch, stepInEpoch / (double)StepsPerEpoch));
    }

    /// <inheritdoc/>
    public override void SetTraining(bool training) => _model.SetTraining(training);

    /// <inheritdoc/>
    public override (double Score, IReadOnlyDictionary<string, double> Figures) Validate(CancellationToken cancellation)
    {
        RetrievalMetrics metrics = _validation.Measure(_model, _validationCache?.Pictures, _validationCache?.Texts, cancellation);
        return (metrics.RSum, RetrievalFigures.ByName(metrics));
    }

    /// <inheritdoc/>
    public override void SaveAdapter(string folder) => _saveAdapter(folder);

    /// <inheritdoc/>
    public override void Dispose() => _ownShelf?.Dispose();

    private (int Picture, int Caption)[] Plan(int epoch)
    {
        // Several threads may make the same plan; it is the same for all of them.
        EpochPlan? plan = Volatile.Read(ref _plan);
        if (plan?.Epoch != epoch)
        {
            plan = new EpochPlan(epoch, _order.Epoch(epoch));
            Volatile.Write(ref _plan, plan);
        }

        return plan.Pairs;
    }

    private int[] Ids(int caption, int epoch) => _varied?.Invoke(_texts[caption], epoch, caption) ?? _captions[caption];

    private Tensor EmbedPictures(RetrievalBatch batch, Random random) => _trainCache is null
        ? _model.Image.Embed(new BackboneInput(batch.Pixels!.to(_recipe.Device.Name())), random)
        : _model.Image.Embed(_trainCache.Pictures.Get(batch.Pictures), random);

    private Tensor EmbedCaptions(RetrievalBatch batch, Random random) => _trainCache is null
        ? _model.Text.Embed(CaptionInput.Batch(batch.Ids, _recipe.Device.Name()), random)
        : _model.Text.Embed(_trainCache.Texts.Get(batch.Captions), random);

    private sealed record EpochPlan(int Epoch, (int Picture, int Caption)[] Pairs);
}
