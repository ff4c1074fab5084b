namespace UniPT.Training.Recipes;

/// <summary>
/// Everything that decides a training run of image–text retrieval: data, the two frozen towers, the tuning method,
/// heads, loss and optimisation. Two runs of equal recipes on one build and device give the same bits.
/// </summary>
public sealed record Recipe
{
    /// <summary>What the run is called in reports and in its folder's name.</summary>
    public required string Name { get; init; }

    /// <summary>Decides initial weights, data order, augmentation and dropout.</summary>
    [OptionRange(0, uint.MaxValue)]
    public long Seed { get; init; } = 1;

    /// <summary>Threads of the tensor library; 0 takes one a core.</summary>
    [OptionRange(0, 1024)]
    public int Threads { get; init; }

    /// <summary>Where tensors live.</summary>
    public DeviceKind Device { get; init; } = DeviceKind.Cpu;

    /// <summary>Pictures and captions.</summary>
    public required DataOptions Data { get; init; }

    /// <summary>The pretrained image backbone.</summary>
    public required TowerOptions Image { get; init; }

    /// <summary>The pretrained text backbone.</summary>
    public required TextTowerOptions Text { get; init; }

    /// <summary>The tuning method and its own options.</summary>
    public required MethodChoice Method { get; init; }

    /// <summary>The joint embedding space.</summary>
    public HeadOptions Head { get; init; } = new();

    /// <summary>What is minimised.</summary>
    public LossOptions Loss { get; init; } = new();

    /// <summary>The training loop and its optimizer (AdamW).</summary>
    public TrainOptions Train { get; init; } = new();
}
