using UniPT.Torch;

namespace UniPT.Tasks.Grounding;

/// <summary>How far boxes cover each other. Boxes are x₀, y₀, x₁, y₁ in the last dimension; the dimensions before it broadcast.</summary>
public static class BoxOverlap
{
    /// <summary>Corners of boxes that are given by centre, width and height, <c>[…, 4] → […, 4]</c>.</summary>
    public static Tensor Corners(Tensor boxes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor centres, Tensor halves) = (boxes.narrow(-1, 0, 2), boxes.narrow(-1, 2, 2) * Scalars.Of(0.5));
        return scope.MoveToOuter(torch.cat([centres - halves, centres.Add(halves)], -1));
    }

    /// <summary>Intersection over union, <c>[…]</c> in [0, 1]; not a number for two boxes without area.</summary>
    public static Tensor Iou(Tensor first, Tensor second)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor shared, Tensor union) = Areas(first, second);
        return scope.MoveToOuter(shared / union);
    }

    /// <summary>
    /// Generalised intersection over union (Rezatofighi et al., CVPR 2019, arXiv 1902.09630), which falls below 0 as boxes lie apart, <c>[…]</c> in [−1, 1]: the
    /// intersection over union less the share of the smallest box around both that neither covers.
    /// </summary>
    public static Tensor GeneralizedIou(Tensor first, Tensor second)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor shared, Tensor union) = Areas(first, second);
        Tensor around = Area(torch.minimum(Low(first), Low(second)), torch.maximum(High(first), High(second)));
        return scope.MoveToOuter((shared / union) - ((around - union) / around));
    }

    private static (Tensor Shared, Tensor Union) Areas(Tensor first, Tensor second)
    {
        Tensor shared = Area(torch.maximum(Low(first), Low(second)), torch.minimum(High(first), High(second)));
        return (shared, Area(Low(first), High(first)).Add(Area(Low(second), High(second))) - shared);
    }

    private static Tensor Area(Tensor low, Tensor high) => (high - low).clamp_min(Scalars.Of(0)).prod(-1);

    private static Tensor Low(Tensor boxes) => boxes.narrow(-1, 0, 2);

    private static Tensor High(Tensor boxes) => boxes.narrow(-1, 2, 2);
}
