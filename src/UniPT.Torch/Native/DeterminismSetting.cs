using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

/// <summary>
/// PyTorch's <c>torch.use_deterministic_algorithms</c>, which TorchSharp does not offer. It is a setting of libtorch's global
/// context, reached by the exported C++ names; both compilers pass the context as the first argument.
/// </summary>
internal static unsafe class DeterminismSetting
{
    internal static bool Set(bool enabled)
    {
        bool windows = OperatingSystem.IsWindows();
        if (!NativeLibrary.TryLoad(windows ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "@rpath/libtorch_cpu.dylib" : "libtorch_cpu.so", out nint library)
            || !NativeLibrary.TryGetExport(library, windows ? "?globalContext@at@@YAAEAVContext@1@XZ" : "_ZN2at13globalContextEv", out nint context)
            || !Find("setDeterministicAlgorithms", 2, out nint algorithms)
            || !Find("setDeterministicCuDNN", 1, out nint cudnn)
            || !Find("setDeterministicFillUninitializedMemory", 1, out nint fill))
        {
            return false;
        }

        nint self = ((delegate* unmanaged<nint>)context)();
        ((delegate* unmanaged<nint, byte, byte, void>)algorithms)(self, enabled ? (byte)1 : (byte)0, 1);
        ((delegate* unmanaged<nint, byte, void>)cudnn)(self, enabled ? (byte)1 : (byte)0);

        // By default it would also fill every new tensor with NaN, at the price of writing all memory twice.
        ((delegate* unmanaged<nint, byte, void>)fill)(self, 0);
        return true;

        // A method of at::Context that takes one or two Booleans.
        bool Find(string name, int booleans, out nint address) => NativeLibrary.TryGetExport(
            library,
            windows ? $"?{name}@Context@at@@QEAAX{(booleans == 2 ? "_N0" : "_N")}@Z" : $"_ZN2at7Context{name.Length}{name}E{new string('b', booleans)}",
            out address);
    }
}
