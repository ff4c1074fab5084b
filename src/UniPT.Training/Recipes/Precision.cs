namespace UniPT.Training.Recipes;

/// <summary>The type in which frozen backbones compute and give their hidden states.</summary>
public enum Precision
{
    /// <summary>bf16 on a processor or GPU that is fast at it (AVX512-BF16, AMX; Ampere and later), if the method trains nothing inside the backbones; else float32.</summary>
    Auto,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16-bit brain floating point: half the memory, and several times faster where the processor or GPU has instructions for it; slower elsewhere. Not for methods that train inside a backbone.</summary>
    Bf16,
}
