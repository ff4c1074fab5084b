namespace UniPT.Training.Recipes;

/// <summary>Where a run's tensors live.</summary>
public enum DeviceKind
{
    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The first visible NVIDIA GPU.</summary>
    Cuda,
}
