using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

internal static unsafe partial class Bridge
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int unipt_operator_find(string name, string overload, out nint handle);

    [LibraryImport(Library)]
    internal static partial int unipt_operator_schema(nint handle, byte* text, int capacity);

    [LibraryImport(Library)]
    internal static partial int unipt_operator_call(
        nint handle, Value* arguments, int count, Value* results, int capacity, out int resultCount);
}
