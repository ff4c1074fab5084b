namespace UniPT.Training.Recipes;

/// <summary>Names of devices.</summary>
internal static class DeviceKinds
{
    /// <summary>As tensors take it.</summary>
    internal static string Name(this DeviceKind device) => device == DeviceKind.Cuda ? "cuda:0" : "cpu";
}
