using System.Runtime.InteropServices;
using System.Text;
using UniPT.Torch.Native;

namespace UniPT.Torch.Operators;

/// <summary>Unmanaged room for the lists and strings of one call: the caller's stack, or the heap when that is full.</summary>
internal unsafe ref struct ArgumentBuffer(byte* stack, int capacity)
{
    private int _used;
    private nint _heap;

    /// <summary>Lays an argument out as the bridge expects it.</summary>
    internal Value Lower(in Argument argument)
    {
        switch (argument.Payload)
        {
            case long[] values:
                return Copy(argument.Tag, MemoryMarshal.AsBytes<long>(values), values.Length);
            case double[] values:
                return Copy(argument.Tag, MemoryMarshal.AsBytes<double>(values), values.Length);
            case string text:
                byte[] encoded = Encoding.UTF8.GetBytes(text);
                return Copy(argument.Tag, encoded, encoded.Length);
            case Tensor?[] tensors:
                var handles = new nint[tensors.Length];
                for (int i = 0; i < tensors.Length; i++)
                {
                    handles[i] = tensors[i]?.Handle ?? 0;
                }

                return Copy(argument.Tag, MemoryMarshal.AsBytes<nint>(handles), handles.Length);
            default:
                return new Value { Tag = argument.Tag, Bits = argument.Bits };
        }
    }

    /// <summary>Frees what did not fit on the stack.</summary>
    internal void Dispose()
    {
        while (_heap != 0)
        {
            nint next = *(nint*)_heap;
            NativeMemory.Free((void*)_heap);
            _heap = next;
        }
    }

    private Value Copy(Tag tag, ReadOnlySpan<byte> bytes, int length)
    {
        byte* target = Take(bytes.Length);
        bytes.CopyTo(new Span<byte>(target, bytes.Length));
        return new Value { Tag = tag, Length = length, Bits = (long)target };
    }

    private byte* Take(int bytes)
    {
        int rounded = (bytes + 7) & ~7;
        if (rounded <= capacity - _used)
        {
            byte* place = stack + _used;
            _used += rounded;
            return place;
        }

        // A list of blocks: the first word of each points to the one before.
        nint block = (nint)NativeMemory.Alloc((nuint)(rounded + sizeof(nint)));
        *(nint*)block = _heap;
        _heap = block;
        return (byte*)block + sizeof(nint);
    }
}
