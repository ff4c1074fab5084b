using System.Globalization;
using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Tasks.Shared.Search;
using UniPT.Tasks.VideoRetrieval.Data;
using UniPT.Tasks.VideoRetrieval.Inputs;
using UniPT.Torch;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.VideoRetrieval;

/// <summary>Films with captions, and how the two backbones are fed with their frames and texts.</summary>
internal sealed class VideoRetrievalData : TaskData, ISearchedData
{
    private readonly VideoRetrievalTask _task;
    private readonly FilmDataSet _set;
    private readonly TextTokenizer _tokenizer;
    private readonly TextInputs _texts;
    private readonly PairOrder _pairs;
    private readonly ClipReader _reader;
    private readonly Device _device;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FilmFrames> _frames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int[][]> _ids = new(StringComparer.Ordinal);

    private VideoRetrievalData(VideoRetrievalTask task, FilmDataSet set, TextTokenizer tokenizer) : base(task)
    {
        (_task, _set, _tokenizer, _device) = (task, set, tokenizer, task.Recipe.Device.Name());
        _texts = new TextInputs(tokenizer, task.Data.MaskIdZero, _device);
        _pairs = new PairOrder([.. set.Train.Films.Select(film => film.Captions)], task.Data.Captions, task.Recipe.Seed);
        _reader = new ClipReader(task.Data);
    }

    /// <inheritdoc/>
    public override string Fingerprint => _set.Fingerprint;

    /// <inheritdoc/>
    public override IReadOnlyList<SplitFacts> Splits => [.. _set.Splits.Select(part => new SplitFacts(part.Name, part.Split.Films.Count, part.Split.Contents))];

    /// <inheritdoc/>
    public override string Summary => PrintableText.Of(
        $"{_task.Data.Path} ({_set.Format}): {string.Join(", ", _set.Splits.Select(part => part.Split.Films.Count == 0 ? $"no {part.Name}" : $"{part.Name} {part.Split.Contents} from {part.Split.Origin}"))}.");

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notices => _set.Notices;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Conditions => new OrderedDictionary<string, string>
    {
        ["Frames"] = $"{_task.Data.MaxFrames} of {_task.Data.ImageSize} px",
        ["Longest caption"] = $"{Ids("train").Max(ids => ids.Length)} tokens",
    };

    /// <inheritdoc/>
    public override int TrainingExamples => _pairs.Count;

    /// <inheritdoc/>
    public override long PreparedBytes => 3L * _task.Data.MaxFrames * _task.Data.ImageSize * _task.Data.ImageSize;

    /// <inheritdoc/>
    public string Noun => "film";

    /// <summary>Opens what a recipe names.</summary>
    /// <exception cref="UserException">Data or vocabulary are missing or broken.</exception>
    internal static VideoRetrievalData Open(VideoRetrievalTask task)
    {
        var tokenizer = TextTokenizer.Open(task.Recipe.Backbones[VideoRetrievalTask.Text]);
        return new VideoRetrievalData(task, FilmDataSet.Open(task.Data, SeededSplit.Seed), tokenizer);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Fit(TaskModel model, params IReadOnlyList<string> splits)
    {
        _tokenizer.Fit(((VideoRetrievalModel)model).Text.Stream, _task.Data.MaxTokens);
        return [.. splits.Where(split => _set.Splits.Any(part => part.Name == split && part.Split.Films.Count > 0)).Select(CutNotice).OfType<string>()];
    }

    /// <inheritdoc/>
    public override BackboneInputs Inputs(string backbone, string split)
    {
        if (backbone == VideoRetrievalTask.Image)
        {
            FilmFrames frames = Frames(split);
            return new BackboneInputs(frames.Count, places => frames.Batch(places, _device));
        }

        int[][] ids = Ids(split);
        return new BackboneInputs(ids.Length, chunk => _texts.Batch([.. chunk.Select(i => ids[i])]), [.. ids.Select(text => text.Length)]);
    }

    /// <inheritdoc/>
    public override PreparedBatch Prepare(int[] examples, int epoch, HiddenStateReader reader) => Prepare([.. examples.Select(example => _pairs.Pair(epoch, example))], reader);

    /// <summary>The pair with the longest caption, to whose length a batch is padded, and the films with the most frames.</summary>
    public override PreparedBatch PrepareLargest(int count, HiddenStateReader reader)
    {
        int[][] ids = Ids("train");
        FilmFrames frames = Frames("train");
        int longest = Enumerable.Range(0, ids.Length).MaxBy(caption => ids[caption].Length);
        int[] captions = [.. Enumerable.Range(0, ids.Length).OrderByDescending(caption => frames.Places(_pairs.PictureOf[caption])).Take(count)];
        return Prepare([.. Enumerable.Range(1, count - 1).Select(i => captions[i % captions.Length]).Prepend(longest).Select(caption => (_pairs.PictureOf[caption], caption))], reader);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> Loss(TaskModel model, PreparedBatch batch, HiddenStateReader reader, StepContext step)
    {
        (var retrieval, var pairs) = ((VideoRetrievalModel)model, (VideoBatch)batch);
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates seen = pairs.Pixels is { } pixels
            ? retrieval.Image.Hidden(FilmFrames.Pictures(pixels, _device))
            : reader.Hidden(retrieval, VideoRetrievalTask.Image, "train", pairs.Places);
        Tensor films = VideoTextSimilarity.Pool(retrieval.Embed(VideoRetrievalTask.Image, seen), pairs.Counts, pairs.Counts);
        Tensor texts = retrieval.Embed(VideoRetrievalTask.Text, reader.Hidden(retrieval, VideoRetrievalTask.Text, "train", pairs.Captions));
        (Tensor textToVideo, Tensor videoToText) = VideoTextSimilarity.Losses(retrieval.Logits(texts, films));
        Tensor Half(Tensor loss) => scope.MoveToOuter(loss / Scalars.Of(2));
        return [new LossTerm("text_to_video", Half(textToVideo)), new LossTerm("video_to_text", Half(videoToText))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, double>> Evaluate(
        IReadOnlyList<TaskModel> models, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        FilmSplit part = Split(split);
        VideoRetrievalModel[] retrieval = [.. models.Cast<VideoRetrievalModel>()];
        int[] owners = [.. part.Films.SelectMany((film, i) => Enumerable.Repeat(i, film.Captions.Count))];
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<Tensor> films = Films(retrieval, split, reader, cancellation);
        IReadOnlyList<Tensor> texts = reader.Collect(retrieval, VideoRetrievalTask.Text, split, (model, hidden) => model.Embed(VideoRetrievalTask.Text, hidden), cancellation);
        return [.. films.Zip(texts, Measure)];

        IReadOnlyDictionary<string, double> Measure(Tensor ofFilms, Tensor ofTexts)
        {
            using DisposeScope step = torch.NewDisposeScope();
            VideoRetrievalModel.RequireOneSpace(ofTexts, ofFilms);
            float[] similarities = VideoTextSimilarity.Normalize(ofTexts).MatMul(ofFilms.transpose(0, 1)).contiguous().ToArray<float>();
            return VideoRetrievalFigures.Of(similarities, owners, part.Films.Count);
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Chance(string split) => VideoRetrievalFigures.Chance(Split(split).Films.Count);

    /// <inheritdoc/>
    public IReadOnlyList<SearchedItem> Items(string split) => [.. Split(split).Films.Select(film => new SearchedItem(film.Name, film.Captions))];

    /// <inheritdoc/>
    public Tensor Embed(TaskModel model, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(Films([(VideoRetrievalModel)model], split, reader, cancellation)[0]);
    }

    /// <inheritdoc/>
    public byte[] Show(string split, int item) => ImageEncoder.Png(Frames(split).Middle(item));

    /// <inheritdoc/>
    protected override string WhyEmpty(string split) => SplitName.WhyEmpty(_task.Data.Path, split, "film", Splits);

    /// <summary>Unit vectors <c>[films, E]</c> of a split, of each model, in the current scope.</summary>
    private IReadOnlyList<Tensor> Films(VideoRetrievalModel[] models, string split, HiddenStateReader reader, CancellationToken cancellation)
    {
        FilmFrames frames = Frames(split);
        IReadOnlyList<Tensor> all = reader.Collect(models, VideoRetrievalTask.Image, split, (model, hidden) => model.Embed(VideoRetrievalTask.Image, hidden), cancellation);
        int[] films = [.. Enumerable.Range(0, Split(split).Films.Count)];
        int[] places = [.. films.Select(frames.Places)];
        int[] present = [.. films.Select(frames.Present)];
        return [.. all.Select(vectors => VideoTextSimilarity.Pool(vectors, places, present))];
    }

    private VideoBatch Prepare((int Film, int Caption)[] pairs, HiddenStateReader reader)
    {
        FilmFrames frames = Frames("train");
        int[] counts = [.. pairs.Select(pair => frames.Present(pair.Film))];
        int[] places = [.. pairs.Zip(counts).SelectMany(pair => frames.Of([pair.First.Film]).Take(pair.Second))];
        return new VideoBatch(places, counts, [.. pairs.Select(pair => pair.Caption)], reader.Keeps(VideoRetrievalTask.Image) ? null : frames.Load(places));
    }

    private FilmSplit Split(string name) => _set.Splits.First(part => part.Name == RequireSplit(name).Name).Split;

    private FilmFrames Frames(string split)
    {
        lock (_gate)
        {
            return _frames.TryGetValue(split, out FilmFrames? known) ? known : _frames[split] = new FilmFrames(Split(split).Films, _task.Data, _reader);
        }
    }

    /// <summary>The token ids of a split's captions, in the order of its films.</summary>
    private int[][] Ids(string split)
    {
        lock (_gate)
        {
            return _ids.TryGetValue(split, out int[][]? known)
                ? known
                : _ids[split] = _texts.Encode([.. Split(split).Films.SelectMany(film => film.Captions)], _task.Data.Workers);
        }
    }

    /// <summary>Says how many captions of a split are longer than what is read of them; null for none.</summary>
    private string? CutNotice(string split)
    {
        FilmSplit part = Split(split);
        int[][] ids = Ids(split);

        // Only a text that fills the room can have been cut.
        int cut = part.Films.SelectMany(film => film.Captions).Zip(ids).Count(text => text.Second.Length == _tokenizer.Room && _tokenizer.Cuts(text.First));
        return cut == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{cut:N0} of {part.Captions:N0} captions of the {split} split are longer than {_tokenizer.Room} tokens and were cut.");
    }
}
