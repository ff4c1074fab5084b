using UniPT.Torch;
using UniPT.Training.Models;

namespace UniPT.Training.Recipes;

/// <summary>What becomes of <see cref="Precision"/> on a machine.</summary>
public static class Precisions
{
    /// <summary>The recipe with what <see cref="Precision.Auto"/> becomes here; without it, itself.</summary>
    public static Recipe Settle(this Recipe recipe) => recipe.Settle(IsFast(recipe.Device));

    /// <summary>A sentence for the user where a recipe computes in a type that this machine is slow at; null elsewhere.</summary>
    public static string? Notice(Recipe recipe) => (recipe.Precision == Precision.Bf16 || recipe.Train.MixedPrecision) && !IsFast(recipe.Device)
        ? $"{(recipe.Precision == Precision.Bf16 ? "precision is bf16" : "train.mixed_precision is true")}, and {(recipe.Device == DeviceKind.Cuda ? "this GPU" : $"this processor ({Machine.Processor})")} has no instructions for it: it runs, but slower than float32."
        : null;

    /// <summary>The same for a machine that is fast at bfloat16 or is not.</summary>
    internal static Recipe Settle(this Recipe recipe, bool fast) => recipe.Precision != Precision.Auto
        ? recipe
        : recipe with { Precision = fast && !TaskModelBuilder.ChangesHiddenStates(recipe) ? Precision.Bf16 : Precision.Float32 };

    /// <summary>The type of tensors.</summary>
    internal static ScalarType Type(this Precision precision) => precision switch
    {
        Precision.Float32 => ScalarType.Float32,
        Precision.Bf16 => ScalarType.BFloat16,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "not settled"),
    };

    private static bool IsFast(DeviceKind device) => Machine.HasFastBFloat16(new Device(device.Name()));
}

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
