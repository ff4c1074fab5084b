using UniPT.Backbones.Media;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Training;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Retrieval.Search;

/// <summary>All pictures of a split embedded by an adapter, to be searched by text or by picture.</summary>
public sealed class SearchIndex : IDisposable
{
    /// <summary>Longest query in characters.</summary>
    public const int MaxQuery = 10_000;

    private readonly Adapter _adapter;
    private readonly RetrievalModel _model;
    private readonly RetrievalData _data;
    private readonly ImageCaptionSplit _split;
    private readonly Tensor _vectors;

    private SearchIndex(Adapter adapter, RetrievalData data, ImageCaptionSplit split, Tensor vectors) =>
        (_adapter, _model, _data, _split, _vectors) = (adapter, adapter.ModelAs<RetrievalModel>(), data, split, vectors);

    /// <summary>Number of pictures.</summary>
    public int Count => _split.Images.Count;

    /// <summary>Loads an adapter and embeds the pictures of a split of a data set.</summary>
    /// <param name="adapterFolder">The adapter.</param>
    /// <param name="data">A data set; null: the one that the adapter was trained on.</param>
    /// <param name="split">train, val or test.</param>
    /// <param name="models">Where the backbones' weights are, if not where the adapter says.</param>
    /// <param name="device">Where to compute; null: where it was trained.</param>
    /// <param name="skipBad">Whether pictures that cannot be decoded are left out.</param>
    /// <param name="notice">Told what should be known of the data.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="UserException">The adapter is another task's; it, the data or the weights are missing, broken or do not fit.</exception>
    public static SearchIndex Open(
        string adapterFolder,
        string? data = null,
        string split = "test",
        string? models = null,
        DeviceKind? device = null,
        bool skipBad = false,
        Action<string>? notice = null,
        CancellationToken cancellation = default)
    {
        Adapter.RequireTask(adapterFolder, RetrievalTask.Registration.Name);
        var adapter = Adapter.Load(adapterFolder, models, device);
        RetrievalData? opened = null;
        try
        {
            opened = (RetrievalData)Evaluation.Open(adapter, data, skipBad, [], notice);
            ImageCaptionSplit pictures = opened.Split(split);
            using DisposeScope scope = torch.NewDisposeScope();
            RetrievalModel model = adapter.ModelAs<RetrievalModel>();
            Tensor vectors = new HiddenStateReader(opened)
                .Collect([model], RetrievalTask.Image, split, (one, hidden) => one.Embed(RetrievalTask.Image, hidden), cancellation)[0].DetachFromDisposeScope();
            return new SearchIndex(adapter, opened, pictures, vectors);
        }
        catch
        {
            opened?.Dispose();
            adapter.Dispose();
            throw;
        }
    }

    /// <summary>The pictures closest to a text, best first.</summary>
    /// <exception cref="UserException">The text is empty or longer than <see cref="MaxQuery"/>.</exception>
    public IReadOnlyList<SearchHit> ByText(string query, int count)
    {
        if (query.Length > MaxQuery)
        {
            throw new UserException($"The query has {query.Length} characters; at most {MaxQuery} are read.");
        }

        using DisposeScope scope = torch.NewDisposeScope();
        return Closest(_model.EmbedTexts([query]).select(0, 0), count);
    }

    /// <summary>A sentence for the user where a query is longer than the text backbone reads, so that its end is not looked for; null elsewhere.</summary>
    public string? CutNotice(string query) => _model.CutNotice(query);

    /// <summary>The pictures closest to a picture, best first.</summary>
    public IReadOnlyList<SearchHit> ByPicture(RgbImage query, int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Closest(_model.EmbedPictures([query]).select(0, 0), count);
    }

    /// <summary>The encoded picture that was found, as its file holds it.</summary>
    public byte[] Read(SearchHit hit) => _split.ReadImage(hit.Picture);

    /// <inheritdoc/>
    public void Dispose()
    {
        _vectors.Dispose();
        _data.Dispose();
        _adapter.Dispose();
    }

    private SearchHit[] Closest(Tensor query, int count) =>
    [
        .. Nearest.Of(_vectors, query, count).Select(found =>
        {
            CaptionedImage image = _split.Images[found.Index];
            return new SearchHit(found.Index, image.Name, found.Score, image.Captions);
        }),
    ];
}

/// <summary>A picture that was found.</summary>
/// <param name="Picture">Its index in the split.</param>
/// <param name="Name">Its file's name.</param>
/// <param name="Score">The cosine with the query, −1 to 1.</param>
/// <param name="Captions">What the data set says about it.</param>
public sealed record SearchHit(int Picture, string Name, double Score, IReadOnlyList<string> Captions);
