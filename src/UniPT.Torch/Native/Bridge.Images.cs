using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

internal static unsafe partial class Bridge
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int unipt_image_decode(byte* data, long size, string decoder, byte* rgb, int width, int height);
}
