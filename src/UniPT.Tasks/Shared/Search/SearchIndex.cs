using UniPT.Backbones.Media;
using UniPT.Training;
using UniPT.Training.Adapters;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Shared.Search;

/// <summary>All pictures or films of a split embedded by an adapter of <c>retrieval</c> or <c>video_retrieval</c>, to be searched by text or by picture.</summary>
public sealed class SearchIndex : IDisposable
{
    /// <summary>Longest query in characters.</summary>
    public const int MaxQuery = 10_000;

    private readonly Adapter _adapter;
    private readonly ISearchingModel _model;
    private readonly TaskData _data;
    private readonly string _split;
    private readonly IReadOnlyList<SearchedItem> _items;
    private readonly Tensor _vectors;

    private SearchIndex(Adapter adapter, TaskData data, string split, Tensor vectors)
    {
        (_adapter, _data, _split, _vectors) = (adapter, data, split, vectors);
        (_model, _items) = ((ISearchingModel)adapter.Model, Searched.Items(split));
    }

    /// <summary>Number of pictures or films.</summary>
    public int Count => _items.Count;

    /// <summary>What one of them is called: <c>picture</c> or <c>film</c>.</summary>
    public string Noun => Searched.Noun;

    private ISearchedData Searched => (ISearchedData)_data;

    /// <summary>Loads an adapter and embeds the pictures or films of a split of a data set.</summary>
    /// <param name="adapterFolder">The adapter.</param>
    /// <param name="data">A data set; null: the one that the adapter was trained on.</param>
    /// <param name="split">train, val or test.</param>
    /// <param name="models">Where the backbones' weights are, if not where the adapter says.</param>
    /// <param name="device">Where to compute; null: where it was trained.</param>
    /// <param name="skipBad">Whether examples that cannot be read are left out.</param>
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
        var adapter = Adapter.Load(adapterFolder, models, device);
        TaskData? opened = null;
        try
        {
            if (adapter.Model is not ISearchingModel)
            {
                throw new UserException($"The adapter {adapterFolder} was trained for the task {adapter.Config.Task}, in which nothing is searched for; one of retrieval or video_retrieval is needed here.");
            }

            opened = Evaluation.Open(adapter, data, skipBad, [], notice);
            opened.RequireSplit(split);
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor vectors = ((ISearchedData)opened).Embed(adapter.Model, split, new HiddenStateReader(opened), cancellation).DetachFromDisposeScope();
            return new SearchIndex(adapter, opened, split, vectors);
        }
        catch
        {
            opened?.Dispose();
            adapter.Dispose();
            throw;
        }
    }

    /// <summary>What is closest to a text, best first.</summary>
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

    /// <summary>What is closest to a picture, best first.</summary>
    public IReadOnlyList<SearchHit> ByPicture(RgbImage query, int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Closest(_model.EmbedPictures([query]).select(0, 0), count);
    }

    /// <summary>The file of a picture that shows what was found: the picture itself, or a frame of the film.</summary>
    public byte[] Read(SearchHit hit) => Searched.Show(_split, hit.Item);

    /// <inheritdoc/>
    public void Dispose()
    {
        _vectors.Dispose();
        _data.Dispose();
        _adapter.Dispose();
    }

    private SearchHit[] Closest(Tensor query, int count) =>
        [.. Nearest.Of(_vectors, query, count).Select(found => new SearchHit(found.Index, _items[found.Index].Name, found.Score, _items[found.Index].Captions))];
}

/// <summary>A picture or film that was found.</summary>
/// <param name="Item">Its index in the split.</param>
/// <param name="Name">Its file's name, or its id.</param>
/// <param name="Score">The cosine with the query, −1 to 1.</param>
/// <param name="Captions">What the data set says about it.</param>
public sealed record SearchHit(int Item, string Name, double Score, IReadOnlyList<string> Captions);
