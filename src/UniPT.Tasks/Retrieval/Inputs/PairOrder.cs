using UniPT.Tasks.Retrieval.Data;
using UniPT.Torch.Randomness;

namespace UniPT.Tasks.Retrieval.Inputs;

/// <summary>Which pairs of picture and caption an epoch sees: a function of seed and epoch.</summary>
internal sealed class PairOrder
{
    private readonly ImageCaptionSplit _split;
    private readonly CaptionUse _use;
    private readonly long _seed;
    private readonly int[] _firstCaption;
    private readonly int[] _pictureOf;

    internal PairOrder(ImageCaptionSplit split, CaptionUse use, long seed)
    {
        (_split, _use, _seed) = (split, use, seed);
        _firstCaption = new int[split.Images.Count];
        var owners = new List<int>();
        for (int i = 0; i < split.Images.Count; i++)
        {
            _firstCaption[i] = owners.Count;
            owners.AddRange(Enumerable.Repeat(i, split.Images[i].Captions.Count));
        }

        _pictureOf = [.. owners];
    }

    /// <summary>Examples of one epoch: pictures, or all captions.</summary>
    internal int Count => _use == CaptionUse.All ? _pictureOf.Length : _split.Images.Count;

    /// <summary>The picture of every caption.</summary>
    internal IReadOnlyList<int> PictureOf => _pictureOf;

    /// <summary>The picture and the caption of an example in an epoch.</summary>
    internal (int Picture, int Caption) Pair(int epoch, int example) =>
        _use == CaptionUse.All ? (_pictureOf[example], example) : (example, Sample(epoch, example));

    /// <summary>A caption by its index among all of the split.</summary>
    internal string Text(int caption) => _split.Images[_pictureOf[caption]].Captions[caption - _firstCaption[_pictureOf[caption]]];

    private int Sample(int epoch, int picture)
    {
        var random = new CounterRandom(_seed, epoch, picture);
        return _firstCaption[picture] + random.Next(_split.Images[picture].Captions.Count);
    }
}
