using UniPT.Backbones;
using UniPT.Tasks.Retrieval.Data;
using UniPT.Tasks.Retrieval.Heads;
using UniPT.Torch;
using UniPT.Torch.Randomness;

namespace UniPT.Tasks.Retrieval.Inputs;

/// <summary>Reads the features of pictures' regions; used by several threads at once.</summary>
internal sealed class RegionLoader(RetrievalDataOptions options, long seed)
{
    private const long Stream = 1L << 42;

    /// <summary>All regions of some pictures, in the current scope.</summary>
    internal static BackboneInput Load(ImageCaptionSplit split, IReadOnlyList<int> pictures, Device device) =>
        new((BackboneInput.RegionsPart, split.ReadRegions(pictures).to(device)));

    /// <summary>
    /// Regions <c>[B, R, 2048]</c> of training pictures without those that are left out, as a function of the seed, the epoch and the example: the others stand first, and
    /// their numbers are the lengths, null where none is left out. The caller owns the tensor.
    /// </summary>
    internal (Tensor Regions, IReadOnlyList<int>? Lengths) LoadVaried(ImageCaptionSplit split, IReadOnlyList<int> pictures, IReadOnlyList<int> examples, int epoch)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor regions = TorchErrors.Explain(() => split.ReadRegions(pictures));
        if (options.RegionDrop == 0)
        {
            return (regions.DetachFromDisposeScope(), null);
        }

        (Tensor kept, IReadOnlyList<int> lengths) = RandomDrop.Forward(
            regions, null, options.RegionDrop, row => new CounterRandom(seed, epoch, Stream + examples[row]).NextDouble);
        return (kept.narrow(1, 0, lengths.Max()).DetachFromDisposeScope(), lengths);
    }
}
