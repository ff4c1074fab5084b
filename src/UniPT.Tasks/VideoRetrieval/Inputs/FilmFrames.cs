using UniPT.Backbones;
using UniPT.Backbones.Media;
using UniPT.Tasks.VideoRetrieval.Data;
using UniPT.Torch;

namespace UniPT.Tasks.VideoRetrieval.Inputs;

/// <summary>
/// The frames of a split's films in one list, film after film, as an image backbone takes them. A film has as many places in it as frames are expected of it; one that ends
/// early leaves places empty, which do not count.
/// </summary>
internal sealed class FilmFrames
{
    private readonly IReadOnlyList<CaptionedFilm> _films;
    private readonly ClipReader _reader;
    private readonly int[] _filmOf;
    private readonly int[] _starts;
    private readonly int[] _present;

    internal FilmFrames(IReadOnlyList<CaptionedFilm> films, VideoRetrievalDataOptions options, ClipReader reader)
    {
        (_films, _reader) = (films, reader);
        _present = new int[films.Count];
        _starts = new int[films.Count + 1];
        for (int i = 0; i < films.Count; i++)
        {
            _starts[i + 1] = _starts[i] + Math.Min(options.MaxFrames, films[i].File.Taken(options.Sampling));
        }

        _filmOf = [.. films.SelectMany((_, film) => Enumerable.Repeat(film, Places(film)))];
    }

    /// <summary>Places of all films.</summary>
    internal int Count => _filmOf.Length;

    /// <summary>Places of a film, at least 1.</summary>
    internal int Places(int film) => _starts[film + 1] - _starts[film];

    /// <summary>The places of some films in the list.</summary>
    internal int[] Of(IEnumerable<int> films) => [.. films.SelectMany(film => Enumerable.Range(_starts[film], Places(film)))];

    /// <summary>How many of a film's places have a frame; reads the film where that is not known yet.</summary>
    internal int Present(int film)
    {
        if (Volatile.Read(ref _present[film]) == 0)
        {
            Clip(film);
        }

        return _present[film];
    }

    /// <summary>The middle one of a film's frames, to be shown.</summary>
    internal RgbImage Middle(int film) => Clip(film).Frame(Present(film) / 2);

    /// <summary>Bytes of the frames at some places, <c>[places, 3, side, side]</c>, 0 where there is none; the caller owns the tensor.</summary>
    internal Tensor Load(IReadOnlyList<int> places)
    {
        byte[]? pixels = null;
        int side = 0;
        foreach ((int i, int place) in places.Index())
        {
            int film = _filmOf[place];
            VideoClip clip = Clip(film);
            pixels ??= new byte[places.Count * clip.FrameBytes];
            side = clip.Side;
            int frame = place - _starts[film];
            if (frame < clip.Frames)
            {
                clip.Pixels.AsSpan(frame * clip.FrameBytes, clip.FrameBytes).CopyTo(pixels.AsSpan(i * clip.FrameBytes));
            }
        }

        return TensorData.From(pixels!, places.Count, 3, side, side);
    }

    /// <summary>As <see cref="Load"/>, as pictures in [0, 1] on a device, in the current scope; the films that follow begin to be read.</summary>
    internal BackboneInput Batch(int[] places, Device device)
    {
        _reader.Begin(places.Select(place => _films[_filmOf[place]]).Distinct().Skip(1));
        using Tensor bytes = Load(places);
        _reader.Begin(_films.Skip(_filmOf[places[^1]] + 1));
        return Pictures(bytes, device);
    }

    /// <summary>Bytes as pictures in [0, 1] on a device, in the current scope.</summary>
    internal static BackboneInput Pictures(Tensor bytes, Device device)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return BackboneInput.Pictures(scope.MoveToOuter(bytes.to(device).to(ScalarType.Float32) / Scalars.Of(byte.MaxValue)));
    }

    private VideoClip Clip(int film)
    {
        VideoClip clip = _reader.Get(_films[film]);
        Volatile.Write(ref _present[film], Math.Min(clip.Frames, Places(film)));
        return clip;
    }
}
