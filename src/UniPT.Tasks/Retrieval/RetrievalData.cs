using System.Globalization;
using UniPT.Backbones;
using UniPT.Backbones.Tokenizers;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Inputs;
using UniPT.Tasks.Retrieval.Metrics;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Shared.Search;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Tuning;

namespace UniPT.Tasks.Retrieval;

/// <summary>Pictures with captions, and how the two backbones are fed with them.</summary>
internal sealed class RetrievalData : TaskData, ISearchedData
{
    // MS-COCO 5K, of which 1K is the mean of five parts.
    private const int PicturesOfCoco = 5000;
    private const int FoldsOfCoco = 5;

    private readonly RetrievalTask _task;
    private readonly TextTokenizer _tokenizer;
    private readonly PairOrder _pairs;
    private readonly Device _device;
    private readonly Func<string, int, int, int[]>? _varied;
    private readonly Dictionary<string, IReadOnlyList<int[]>> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TokenizedText[]> _texts = new(StringComparer.Ordinal);
    private readonly PictureLoader _pictures;
    private readonly RegionLoader _regions;
    private readonly ImageCaptionSplit _val;

    private RetrievalData(RetrievalTask task, ImageCaptionDataSet set, TextTokenizer tokenizer) : base(task)
    {
        (_task, Set, _tokenizer, _device) = (task, set, tokenizer, task.Recipe.Device.Name());
        (_pictures, _regions) = (new PictureLoader(task.Data, task.Recipe.Seed), new RegionLoader(task.Data, task.Recipe.Seed));
        _val = task.Data.ValCaptions > 0 ? set.Val.First(task.Data.ValCaptions) : set.Val;
        int folds = task.Data.Folds ?? (set.Test.Images.Count == PicturesOfCoco ? FoldsOfCoco : 1);
        Folds = set.Test.Images.Count % folds == 0 ? folds : 1;
        _pairs = new PairOrder([.. set.Train.Images.Select(image => image.Captions)], task.Data.Captions, task.Recipe.Seed);
        _varied = task.Data.CaptionWordDrop > 0 ? tokenizer.Varied(task.Data.CaptionWordDrop, task.Recipe.Seed, "data.caption_word_drop") : null;
    }

    /// <summary>The three splits.</summary>
    internal ImageCaptionDataSet Set { get; }

    /// <summary>Equal parts of the test split whose figures are averaged; 1 for none.</summary>
    internal int Folds { get; }

    /// <inheritdoc/>
    public override string Fingerprint => Set.Fingerprint;

    /// <inheritdoc/>
    public override IReadOnlyList<SplitFacts> Splits =>
    [
        .. Parts.Select(part =>
        {
            int captions = part.Split.Images.Sum(image => image.Captions.Count);
            return new SplitFacts(part.Name, part.Split.Images.Count, $"{Count(part.Split.Images.Count, "picture")}, {Count(captions, "caption")}");
        }),
    ];

    /// <inheritdoc/>
    public override string Summary => PrintableText.Of($"{_task.Data.Path}: {string.Join(", ", Parts.Select(Describe))}.");

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices =>
    [
        .. Set.Notices,
        .. _val == Set.Val ? Array.Empty<string>() : [$"{_val.Images.Count:N0} of {Count(Set.Val.Images.Count, "picture")} for val are used (data.val_captions)."],
        .. _task.Data.Folds is { } folds && folds != Folds
            ? new[] { $"data.folds is {folds}, which does not divide the {Count(Set.Test.Images.Count, "picture")} for test; there are no figures of folds." }
            : [],
    ];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Conditions => new OrderedDictionary<string, string>
    {
        [_task.ReadsRegions ? "Regions" : "Image size"] = Set.Train.Regions is { } regions ? $"{regions.Regions} of each picture" : $"{_task.Data.ImageSize} px",
        ["Longest caption"] = $"{Ids("train").Max(ids => ids.Length)} tokens",
    };

    /// <inheritdoc/>
    public override int TrainingExamples => _pairs.Count;

    /// <inheritdoc/>
    public override long PreparedBytes => sizeof(float) * (Set.Train.Regions is { } regions ? regions.Numbers : 3L * _task.Data.ImageSize * _task.Data.ImageSize);

    private IEnumerable<(string Name, ImageCaptionSplit Split)> Parts => [("train", Set.Train), ("val", _val), ("test", Set.Test)];

    /// <summary>Opens what a recipe names.</summary>
    /// <exception cref="UserException">Data or vocabulary are missing or broken.</exception>
    internal static RetrievalData Open(RetrievalTask task)
    {
        var tokenizer = TextTokenizer.Open(task.Recipe.Backbones[RetrievalTask.Text]);
        var check = new PictureCheck(task.Data.Workers, task.Data.SkipBad);
        var set = ImageCaptionDataSet.Open(task.Data.Path, SeededSplit.Seed, check, task.Data.Images, task.ReadsRegions);
        try
        {
            return new RetrievalData(task, set, tokenizer);
        }
        catch
        {
            set.Dispose();
            throw;
        }
    }

    /// <summary>A split by its name.</summary>
    /// <exception cref="UserException">There is no such split, or it is empty.</exception>
    internal ImageCaptionSplit Split(string name) => Parts.First(part => part.Name == RequireSplit(name).Name).Split;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Fit(TaskModel model, params IReadOnlyList<string> splits)
    {
        _tokenizer.Fit(((RetrievalModel)model).Text.Stream);
        return [.. Parts.Where(part => splits.Contains(part.Name) && part.Split.Images.Count > 0).Select(CutNotice).OfType<string>()];
    }

    /// <inheritdoc/>
    public override BackboneInputs Inputs(string backbone, string split) => backbone == RetrievalTask.Image ? Pictures(Split(split)) : Captions(Ids(split));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Begin(TaskModel model, HiddenStateReader reader)
    {
        var retrieval = (RetrievalModel)model;
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor? pictures = Standardize(model, RetrievalTask.Image, reader);
        Tensor? captions = Standardize(model, RetrievalTask.Text, reader);
        if (_task.Options.CorrelationStart is { Enabled: true } start
            && retrieval.Image is IHasDirectPath { Direct: { } imagePath } besideImage && retrieval.Text is IHasDirectPath { Direct: { } textPath } besideText)
        {
            if (!Start.CorrelationStart.Apply(pictures!, captions!, _pairs.PictureOf, imagePath, textPath, start))
            {
                return ["The pictures of the training split, or their captions, are all alike, so that training begins without task.correlation_start."];
            }

            besideImage.Silence();
            besideText.Silence();
        }

        return [];
    }

    /// <inheritdoc/>
    public override PreparedBatch Prepare(int[] examples, int epoch, HiddenStateReader reader) =>
        Prepare([.. examples.Select(example => _pairs.Pair(epoch, example))], epoch, reader);

    /// <summary>The pair with the longest caption, to whose length a batch is padded, and others from all over the split.</summary>
    public override PreparedBatch PrepareLargest(int count, HiddenStateReader reader)
    {
        IReadOnlyList<int[]> ids = Ids("train");
        int longest = Enumerable.Range(0, ids.Count).MaxBy(caption => ids[caption].Length);
        IEnumerable<int> others = Enumerable.Range(1, count - 1).Select(i => (int)((long)i * ids.Count / count));
        return Prepare([.. others.Prepend(longest).Select(caption => (_pairs.PictureOf[caption], caption))], 0, reader);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Loss(TaskModel model, PreparedBatch batch, HiddenStateReader reader, StepContext step)
    {
        (var retrieval, var pairs) = ((RetrievalModel)model, (RetrievalBatch)batch);
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates pixels = pairs.Seen(_device) is { } varied
            ? retrieval.Image.Hidden(varied)
            : reader.Hidden(retrieval, RetrievalTask.Image, "train", pairs.Pictures);
        Tensor images = retrieval.Embed(RetrievalTask.Image, pixels, step.Draw);
        HiddenStates ids = reader.Keeps(RetrievalTask.Text)
            ? reader.Hidden(retrieval, RetrievalTask.Text, "train", pairs.Captions)
            : retrieval.Text.Hidden(BackboneInput.Texts(pairs.Ids, _device));
        Tensor captions = retrieval.Embed(RetrievalTask.Text, ids, step.Draw);
        return [new LossTerm("retrieval", scope.MoveToOuter(retrieval.Objective.Compute(images, captions, step.Epoch, step.Progress)))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, double>> Evaluate(
        IReadOnlyList<TaskModel> models, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        ImageCaptionSplit part = Split(split);
        int[] owners = Owners(part);
        RetrievalModel[] retrieval = [.. models.Cast<RetrievalModel>()];
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<Tensor> images = Embed(RetrievalTask.Image);
        IReadOnlyList<Tensor> captions = Embed(RetrievalTask.Text);
        return [.. images.Zip(captions, Measure)];

        IReadOnlyList<Tensor> Embed(string backbone) =>
            reader.Collect(retrieval, backbone, split, (model, hidden) => model.Embed(backbone, hidden), cancellation);

        IReadOnlyDictionary<string, double> Measure(Tensor pictures, Tensor sentences)
        {
            using DisposeScope step = torch.NewDisposeScope();
            float[] similarities = pictures.MatMul(sentences.transpose(0, 1)).contiguous().ToArray<float>();
            IEnumerable<KeyValuePair<string, double>> figures = RetrievalFigures.ByName(RetrievalMetrics.Compute(similarities, part.Images.Count, owners));
            if (split == "test" && Folds > 1)
            {
                figures = figures.Concat(RetrievalFigures.OfFolds(RetrievalMetrics.ComputeFolds(similarities, part.Images.Count, owners, Folds)));
            }

            if (split == "test" && Set.Crisscrossed is { } further)
            {
                figures = figures.Concat(RetrievalFigures.OfCrisscrossed(further, pictures, sentences));
            }

            return new Dictionary<string, double>(figures);
        }
    }

    /// <inheritdoc/>
    public string Noun => "picture";

    /// <inheritdoc/>
    public IReadOnlyList<SearchedItem> Items(string split) => [.. Split(split).Images.Select(image => new SearchedItem(image.Name, image.Captions))];

    /// <inheritdoc/>
    public Tensor Embed(TaskModel model, string split, HiddenStateReader reader, CancellationToken cancellation) =>
        reader.Collect([(RetrievalModel)model], RetrievalTask.Image, split, (one, hidden) => one.Embed(RetrievalTask.Image, hidden), cancellation)[0];

    /// <inheritdoc/>
    public byte[] Show(string split, int item) => Split(split).ReadImage(item);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Chance(string split) => ChanceLevel.Of(Split(split), split == "test" ? Folds : 1);

    /// <inheritdoc/>
    public override void Dispose()
    {
        Set.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override string WhyEmpty(string split) => SplitName.WhyEmpty(_task.Data.Path, split, "picture", Splits);

    private RetrievalBatch Prepare((int Picture, int Caption)[] pairs, int epoch, HiddenStateReader reader)
    {
        int[] pictures = Array.ConvertAll(pairs, pair => pair.Picture);
        int[] captions = Array.ConvertAll(pairs, pair => pair.Caption);
        IReadOnlyList<int[]> ids = Ids("train");
        int[][] read = Array.ConvertAll(captions, caption => _varied?.Invoke(_pairs.Text(caption), epoch, caption) ?? ids[caption]);
        if (reader.Keeps(RetrievalTask.Image))
        {
            return new RetrievalBatch(pictures, captions, read, null);
        }

        // A picture that comes with all of its captions is another each time.
        int[] examples = _task.Data.Captions == CaptionUse.All ? captions : pictures;
        if (_task.ReadsRegions)
        {
            (Tensor regions, IReadOnlyList<int>? lengths) = _regions.LoadVaried(Set.Train, pictures, examples, epoch);
            return new RetrievalBatch(pictures, captions, read, regions, lengths);
        }

        return new RetrievalBatch(pictures, captions, read, _pictures.LoadAugmented(Set.Train, pictures, examples, epoch));
    }

    private BackboneInputs Pictures(ImageCaptionSplit split) => new(split.Images.Count, chunk =>
    {
        if (_task.ReadsRegions)
        {
            return RegionLoader.Load(split, chunk, _device);
        }

        using Tensor pixels = _pictures.Load(split, chunk);
        return BackboneInput.Pictures(pixels.to(_device));
    });

    private BackboneInputs Captions(IReadOnlyList<int[]> ids) =>
        new(ids.Count, chunk => BackboneInput.Texts([.. chunk.Select(i => ids[i])], _device), [.. ids.Select(caption => caption.Length)]);

    /// <summary>The token ids of a split's captions, in the order of its pictures.</summary>
    private IReadOnlyList<int[]> Ids(string split)
    {
        lock (_ids)
        {
            return _ids.TryGetValue(split, out IReadOnlyList<int[]>? known) ? known : _ids[split] = [.. Texts(split).Select(text => text.Ids)];
        }
    }

    /// <summary>A split's captions as the backbone reads them: half a million of MS-COCO's take a while, so each once and on several threads.</summary>
    private TokenizedText[] Texts(string split)
    {
        lock (_texts)
        {
            return _texts.TryGetValue(split, out TokenizedText[]? known) ? known : _texts[split] = Tokenized();
        }

        TokenizedText[] Tokenized()
        {
            string[] captions = [.. Split(split).Images.SelectMany(image => image.Captions)];
            var texts = new TokenizedText[captions.Length];
            Threads.For(captions.Length, _task.Data.Workers, caption => texts[caption] = _tokenizer.Read(captions[caption], null));
            return texts;
        }
    }

    private static int[] Owners(ImageCaptionSplit split) => [.. split.Images.SelectMany((image, i) => Enumerable.Repeat(i, image.Captions.Count))];

    /// <summary>Says how many captions of a split are longer than the text backbone reads; null for none.</summary>
    private string? CutNotice((string Name, ImageCaptionSplit Split) part)
    {
        TokenizedText[] texts = Texts(part.Name);
        int cut = texts.Count(text => text.IsCut);
        return cut == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{cut:N0} of {texts.Length:N0} captions of the {part.Name} split are longer than {_tokenizer.Room} tokens and were cut.");
    }

    private static string Describe((string Name, ImageCaptionSplit Split) part) => part.Split.Images.Count == 0
        ? $"no {part.Name}"
        : $"{part.Name} {part.Split.Images.Count} picture{(part.Split.Images.Count == 1 ? "" : "s")} from {part.Split.Origin}";

    private static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
