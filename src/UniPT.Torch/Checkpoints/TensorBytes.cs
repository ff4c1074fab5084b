using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>The bytes of a tensor's elements, in order.</summary>
public static unsafe class TensorBytes
{
    /// <summary>A span holds at most 2 GiB; whole pages are written fastest.</summary>
    private const int PieceBytes = 1 << 30;

    /// <summary>Takes a piece of a tensor's bytes.</summary>
    public delegate void Writer(ReadOnlySpan<byte> piece);

    /// <summary>
    /// Hands the bytes over in pieces of at most 1 GiB. They are copied only if the tensor is on another device or not contiguous.
    /// </summary>
    public static void WriteTo(Tensor tensor, Writer write)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var _ = torch.no_grad();
        Tensor plain = tensor.detach().cpu().contiguous();
        long count = plain.numel() * plain.element_size();
        byte* data = count == 0 ? null : (byte*)TorchSharpCalls.Data(plain.Handle);
        for (long done = 0; done < count; done += PieceBytes)
        {
            write(new ReadOnlySpan<byte>(data + done, (int)Math.Min(PieceBytes, count - done)));
        }
    }

    /// <summary>A copy of the bytes.</summary>
    public static byte[] Copy(Tensor tensor)
    {
        var bytes = new byte[checked(tensor.numel() * tensor.element_size())];
        int done = 0;
        WriteTo(tensor, piece =>
        {
            piece.CopyTo(bytes.AsSpan(done));
            done += piece.Length;
        });
        return bytes;
    }
}
