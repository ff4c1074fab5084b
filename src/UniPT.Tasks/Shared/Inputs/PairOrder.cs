using UniPT.Torch.Randomness;

namespace UniPT.Tasks.Shared.Inputs;

/// <summary>Which captions of a picture or film an epoch sees.</summary>
public enum CaptionUse
{
    /// <summary>One caption of each, drawn anew every epoch.</summary>
    Sample,

    /// <summary>Every caption once, so that a picture or film comes as often as it has captions.</summary>
    All,
}

/// <summary>Which pairs of a picture, or film, and a caption an epoch sees: a function of seed and epoch.</summary>
internal sealed class PairOrder
{
    private readonly IReadOnlyList<IReadOnlyList<string>> _captions;
    private readonly CaptionUse _use;
    private readonly long _seed;
    private readonly int[] _firstCaption;
    private readonly int[] _pictureOf;

    /// <param name="captions">Of every picture.</param>
    /// <param name="use">Which of them an epoch sees.</param>
    /// <param name="seed">Of the draws.</param>
    internal PairOrder(IReadOnlyList<IReadOnlyList<string>> captions, CaptionUse use, long seed)
    {
        (_captions, _use, _seed) = (captions, use, seed);
        _firstCaption = new int[captions.Count];
        var owners = new List<int>();
        for (int i = 0; i < captions.Count; i++)
        {
            _firstCaption[i] = owners.Count;
            owners.AddRange(Enumerable.Repeat(i, captions[i].Count));
        }

        _pictureOf = [.. owners];
    }

    /// <summary>Examples of one epoch: pictures, or all captions.</summary>
    internal int Count => _use == CaptionUse.All ? _pictureOf.Length : _captions.Count;

    /// <summary>The picture of every caption.</summary>
    internal IReadOnlyList<int> PictureOf => _pictureOf;

    /// <summary>The picture and the caption of an example in an epoch.</summary>
    internal (int Picture, int Caption) Pair(int epoch, int example) =>
        _use == CaptionUse.All ? (_pictureOf[example], example) : (example, Sample(epoch, example));

    /// <summary>A caption by its index among all of the split.</summary>
    internal string Text(int caption) => _captions[_pictureOf[caption]][caption - _firstCaption[_pictureOf[caption]]];

    private int Sample(int epoch, int picture)
    {
        var random = new CounterRandom(_seed, epoch, picture);
        return _firstCaption[picture] + random.Next(_captions[picture].Count);
    }
}
