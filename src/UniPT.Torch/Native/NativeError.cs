namespace UniPT.Torch.Native;

/// <summary>A failure reported by libtorch, FFmpeg or the bridge itself.</summary>
internal static class NativeError
{
    private const int OutOfMemory = 2;

    /// <summary>Maps a bridge status and its message to an exception; libtorch's C++ stack is cut off.</summary>
    internal static Exception FromStatus(int status, string message)
    {
        int stack = message.IndexOf("\nException raised from", StringComparison.Ordinal);
        string text = (stack < 0 ? message : message[..stack]).Trim();
        return status == OutOfMemory ? new TensorMemoryException(text) : new TorchException(text);
    }
}
