using UniPT.Backbones;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Retrieval.Inputs;

/// <summary>The prepared pairs of a step.</summary>
/// <param name="pictures">Index of each pair's picture in the split.</param>
/// <param name="captions">Index of each pair's caption among all captions of the split.</param>
/// <param name="ids">Token ids of each pair's caption.</param>
/// <param name="seen">Pixels <c>[B, 3, H, W]</c>, or regions <c>[B, R, 2048]</c>; null where hidden states are kept.</param>
/// <param name="regions">How many regions of each picture count, which stand first; null where they are pixels, or all.</param>
internal sealed class RetrievalBatch(int[] pictures, int[] captions, int[][] ids, Tensor? seen, IReadOnlyList<int>? regions = null) : PreparedBatch
{
    internal int[] Pictures { get; } = pictures;

    internal int[] Captions { get; } = captions;

    internal int[][] Ids { get; } = ids;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, int[]> Inputs => new Dictionary<string, int[]> { [RetrievalTask.Image] = Pictures, [RetrievalTask.Text] = Captions };

    /// <summary>What the image backbone reads, on a device in the current scope; null where hidden states are kept.</summary>
    internal BackboneInput? Seen(Device device)
    {
        if (seen is null)
        {
            return null;
        }

        Tensor there = seen.to(device);
        return seen.dim() == 4 ? BackboneInput.Pictures(there)
            : regions is null ? new((BackboneInput.RegionsPart, there))
            : new((BackboneInput.RegionsPart, there), (BackboneInput.MaskPart, TokenMask.From(regions, there.size(1), device)));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        seen?.Dispose();
        base.Dispose();
    }
}
