using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tasks.VideoRetrieval.Inputs;

/// <summary>
/// The frames of a batch of videos as the pictures that an image backbone takes, and what it makes of them by video again.
/// </summary>
public sealed class FrameBatch
{
    private readonly Tensor _frames;
    private readonly long[]? _present;

    /// <summary>Of videos that are padded to one number of frames.</summary>
    /// <param name="frames">Pixels, <c>[B, F, 3, H, W]</c>, of missing frames anything, usually 0.</param>
    /// <param name="mask">1 for frames that are there, 0 for missing ones, <c>[B, F]</c> of any type.</param>
    /// <param name="skipsMissing">
    /// Whether the backbone is spared missing frames, which saves time and memory. The published code runs them too, which changes nothing of the others.
    /// </param>
    /// <exception cref="UserException">Shapes are others.</exception>
    public FrameBatch(Tensor frames, Tensor mask, bool skipsMissing = false)
    {
        if (frames.ndim != 5 || frames.numel() == 0 || !mask.shape.AsSpan().SequenceEqual(frames.shape.AsSpan(0, 2)))
        {
            throw new UserException(
                $"Videos are frames [B, F, 3, H, W] with a mask [B, F]; these are [{string.Join(", ", frames.shape)}] with [{string.Join(", ", mask.shape)}].");
        }

        (_frames, Mask) = (frames, mask);
        if (skipsMissing)
        {
            float[] counts = mask.to(ScalarType.Float32).ToArray<float>();
            long[] present = [.. Enumerable.Range(0, counts.Length).Where(frame => counts[frame] != 0).Select(frame => (long)frame)];

            // A backbone takes one picture at least.
            _present = present.Length > 0 ? present : [0];
        }
    }

    /// <summary>1 for frames that are there, 0 for missing ones, <c>[B, F]</c>.</summary>
    public Tensor Mask { get; }

    /// <summary>Pictures that the backbone is given.</summary>
    public long Pictures => _present?.Length ?? _frames.size(0) * _frames.size(1);

    /// <summary>
    /// What a backbone with its method and head makes of every frame, <c>[B, F, …]</c>; of skipped ones 0. It takes a few frames at a time, so that the hidden
    /// states of all, where nothing keeps them for a backward, are never there together.
    /// </summary>
    /// <param name="tower">From pictures to features, one row each.</param>
    /// <param name="framesAtOnce">How many frames at a time, at least 1.</param>
    public Tensor Through(Func<BackboneInput, Tensor> tower, int framesAtOnce = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(framesAtOnce, 1);
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor all = _frames.flatten(0, 1);
        Tensor? places = _present is null ? null : TensorData.From(_present).to(all.device);
        var parts = new List<Tensor>();
        for (long start = 0; start < Pictures; start += framesAtOnce)
        {
            using DisposeScope part = torch.NewDisposeScope();
            long count = Math.Min(framesAtOnce, Pictures - start);
            Tensor pictures = places is null ? all.narrow(0, start, count) : all.index_select(0, places.narrow(0, start, count));
            parts.Add(part.MoveToOuter(tower(BackboneInput.Pictures(pictures))));
        }

        Tensor features = torch.cat(parts);
        if (places is not null)
        {
            features = torch.zeros([all.size(0), .. features.shape[1..]], dtype: features.dtype, device: features.device).index_copy(0, places, features);
        }

        return scope.MoveToOuter(features.view([_frames.size(0), _frames.size(1), .. features.shape[1..]]));
    }
}
