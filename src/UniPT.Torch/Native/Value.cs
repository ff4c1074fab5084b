using System.Runtime.InteropServices;

namespace UniPT.Torch.Native;

/// <summary>A tagged value as the bridge lays it out; lists and strings are pointers with a length.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Value
{
    internal Tag Tag;
    internal int Length;
    internal long Bits;
}
