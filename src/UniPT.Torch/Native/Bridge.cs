using System.Reflection;
using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

/// <summary>The exported functions of the native bridge (<c>native/</c>), one partial file a family.</summary>
internal static unsafe partial class Bridge
{
    internal const string Library = "unipt_bridge";

    static Bridge()
    {
        NativeLibrary.SetDllImportResolver(typeof(Bridge).Assembly, Resolve);
        // Before the first tensor: memory that another allocator handed out cannot be counted.
        Check(unipt_memory_install());
    }

    [LibraryImport(Library)]
    internal static partial byte* unipt_last_error();

    /// <summary>Turns a failed status into the exception that the native message describes.</summary>
    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw NativeError.FromStatus(status, Marshal.PtrToStringUTF8((nint)unipt_last_error()) ?? "");
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == Library ? BridgeLocation.Load() : 0;
}
