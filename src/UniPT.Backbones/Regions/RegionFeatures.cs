using UniPT.Torch;

namespace UniPT.Backbones.Regions;

/// <summary>
/// Pictures whose features a detector has computed before, as bottom-up attention does (Anderson et al., arXiv 1707.07998), published as 36 regions of 2,048 channels:
/// the input's regions are the one hidden state, with the mask. It has no weights, and recipes name none.
/// </summary>
public sealed class RegionFeatures : Backbone
{
    private const int PublishedWidth = 2048;
    private readonly int _width;

    /// <summary>Of regions of a width.</summary>
    /// <param name="width">Channels of every region.</param>
    public RegionFeatures(int width = PublishedWidth) : this(Weights.Fresh(0).Store, width)
    {
    }

    private RegionFeatures(WeightStore store, int width) : base(store)
    {
        _width = width;
        Streams = new(new BackboneStream(this, BackboneStream.Image, HiddenLayout.Tokens, [width], ["regions"]));
    }

    /// <summary>As recipes name it.</summary>
    public static BackboneArchitecture Architecture { get; } =
        new("regions", [BackboneStream.Image], weights => new RegionFeatures(weights.Store, PublishedWidth)) { NeedsWeights = false };

    /// <inheritdoc/>
    public override string Name => Architecture.Name;

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input)
    {
        Tensor regions = input.Find(BackboneInput.RegionsPart)
            ?? throw new UserException($"{Name} takes features of regions [B, R, {_width}]; it was given {string.Join(", ", input.All.Keys)} and no {BackboneInput.RegionsPart}.");
        if (regions.ndim != 3 || regions.size(2) != _width || regions.numel() == 0 || !regions.is_floating_point())
        {
            throw new UserException($"{Name} takes features of regions [B, R, {_width}]; it was given [{string.Join(", ", regions.shape)}] of {regions.dtype}.");
        }

        if (input.Mask is { } mask && !mask.shape.AsSpan().SequenceEqual(regions.shape.AsSpan(0, 2)))
        {
            throw new UserException($"{Name} takes a mask with one number for every region; it was given [{string.Join(", ", mask.shape)}].");
        }

        // The caller's tensors stay the caller's.
        return new(BackboneStream.Image, new HiddenStates([regions.to(Type).alias()], input.Mask?.alias()));
    }
}
