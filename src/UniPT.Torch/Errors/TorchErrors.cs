using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace UniPT.Torch;

/// <summary>What TorchSharp's exceptions mean.</summary>
public static partial class TorchErrors
{
    /// <summary>
    /// For an allocation that libtorch refused a <see cref="TensorMemoryException"/>, for anything else the exception itself.
    /// </summary>
    /// <param name="error">What TorchSharp threw: it turns whatever native code throws into an <see cref="ExternalException"/>.</param>
    public static Exception Translate(Exception error)
    {
        if (error is not ExternalException || !Refusal().IsMatch(error.Message))
        {
            return error;
        }

        string needed = TensorMemory.TakeRefused() is { } refused ? $"a tensor of {ByteSize.Format(refused.Bytes)} on {refused.Device}" : "a tensor";
        string held = TensorMemory.Available ? $"; {ByteSize.Format(TensorMemory.Current())} of tensors were held" : "";
        return new TensorMemoryException(
            $"There was not enough memory for {needed}{held}. Lower the batch size, the size of the pictures or the length of the texts.", error);
    }

    /// <summary>libtorch's own sentence, without the C++ stack that follows it.</summary>
    public static string Sentence(Exception error)
    {
        int stack = error.Message.IndexOf("\nException raised from", StringComparison.Ordinal);
        return (stack < 0 ? error.Message : error.Message[..stack]).Trim();
    }

    [GeneratedRegex("can't allocate memory|not enough memory|CUDA out of memory|std::bad_alloc|invalid.*size.*overflow", RegexOptions.CultureInvariant)]
    private static partial Regex Refusal();
}
