using System.Security.Cryptography;
using System.Text;
using UniPT.Backbones.Media;
using UniPT.Tasks.VideoRetrieval.Data;

namespace UniPT.Tasks.VideoRetrieval.Inputs;

/// <summary>The frames of films as the recipe takes them: kept ones where there are, decoded otherwise. Used by several threads at once.</summary>
internal sealed class ClipReader
{
    /// <summary>To be raised when frames of the same film and options become others.</summary>
    private const int Version = 1;

    private readonly VideoRetrievalDataOptions _options;
    private readonly VideoClipCache _cache;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lazy<VideoClip>> _recent = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    internal ClipReader(VideoRetrievalDataOptions options)
    {
        _options = options;
        _cache = new VideoClipCache(UserCache.Folder is { } folder ? Path.Combine(folder, "frames") : null, (long)(options.FrameCacheGb * 1e9));
    }

    /// <summary>A film's frames; those that were read lately, or are being read, are not read again.</summary>
    /// <exception cref="UserException">The film cannot be read.</exception>
    internal VideoClip Get(CaptionedFilm film)
    {
        Lazy<VideoClip> clip = Entry(film, out _);
        try
        {
            return clip.Value;
        }
        catch
        {
            lock (_gate)
            {
                _recent.Remove(film.Content);
            }

            throw;
        }
    }

    /// <summary>Begins to read films that will be wanted soon, each on a thread of its own; no more than the workers that the recipe allows.</summary>
    internal void Begin(IEnumerable<CaptionedFilm> films)
    {
        foreach (CaptionedFilm film in films.Take(_options.Workers))
        {
            Lazy<VideoClip> clip = Entry(film, out bool isNew);
            if (isNew)
            {
                // Whoever asks for the film sees what was thrown.
                Task.Factory.StartNew(() => clip.Value, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                    .ContinueWith(failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }
    }

    /// <summary>A few more than are read at once stay, as a film's frames may stand in two batches.</summary>
    private Lazy<VideoClip> Entry(CaptionedFilm film, out bool isNew)
    {
        lock (_gate)
        {
            isNew = !_recent.TryGetValue(film.Content, out Lazy<VideoClip>? clip);
            if (clip is null)
            {
                _recent[film.Content] = clip = new Lazy<VideoClip>(() => _cache.Get(Key(film), () => VideoClip.Of(film.File, _options.Sampling, _options.ImageSize)));
                _order.Enqueue(film.Content);
                if (_order.Count > 4 * (1 + _options.Workers))
                {
                    _recent.Remove(_order.Dequeue());
                }
            }

            return clip;
        }
    }

    private string Key(CaptionedFilm film) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Version} {film.Content} {film.File.Rate} {film.File.Frames} {_options.Sampling} {_options.ImageSize}")));
}
