using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace UniPT.Torch.Native;

/// <summary>
/// OpenBLAS picks its kernels when it is loaded and does not know every AVX-512 processor; on those it falls back
/// to kernels that are several times slower. Naming them must happen before libtorch loads.
/// </summary>
internal static partial class BlasKernels
{
    internal const string Variable = "OPENBLAS_CORETYPE";

    /// <summary>Names AVX-512 kernels where the processor has them and the user named none.</summary>
    internal static void Choose()
    {
        if (Avx512F.IsSupported && Avx512DQ.IsSupported && Environment.GetEnvironmentVariable(Variable) is null)
        {
            // The managed environment is a copy that native libraries do not see.
            _ = setenv(Variable, "SkylakeX", 1);
            Environment.SetEnvironmentVariable(Variable, "SkylakeX");
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
