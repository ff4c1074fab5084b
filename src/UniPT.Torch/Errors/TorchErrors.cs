using System.Globalization;
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
    public static Exception Translate(Exception error) => Refusal(error) ?? error;

    /// <summary>Does some work, and says of memory that was refused in it what was needed, what was held and what to do about it.</summary>
    /// <param name="work">The work.</param>
    /// <param name="advice">What to lower, such as <c>lower train.batch_size</c>, where nothing inside knows better; null: nothing in particular.</param>
    /// <exception cref="TensorMemoryException">There was not enough memory.</exception>
    public static T Explain<T>(Func<T> work, string? advice = null)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (Refusal(error) is { } refusal)
        {
            throw advice is null ? refusal : refusal.Advise(advice);
        }
    }

    /// <summary>As <see cref="Explain{T}(Func{T}, string?)"/>, for work that gives nothing.</summary>
    public static void Explain(Action work, string? advice = null) => Explain(
        () =>
        {
            work();
            return true;
        },
        advice);

    /// <summary>libtorch's own sentence, without the C++ stack that follows it.</summary>
    public static string Sentence(Exception error)
    {
        int stack = error.Message.IndexOf("\nException raised from", StringComparison.Ordinal);
        return (stack < 0 ? error.Message : error.Message[..stack]).Trim();
    }

    /// <summary>
    /// What a refused allocation means; null for any other exception. To be called in an exception filter, which runs where the exception
    /// is thrown, before the scopes on the way are closed: what was held is what was held then.
    /// </summary>
    internal static TensorMemoryException? Refusal(Exception error)
    {
        if (error is TensorMemoryException known)
        {
            return known;
        }

        if (error is not ExternalException || !RefusalPattern().IsMatch(error.Message))
        {
            return null;
        }

        // A size that overflows never reaches an allocator.
        (long Bytes, Device Device)? refused = OverflowPattern().IsMatch(error.Message) ? null : TensorMemory.TakeRefused();
        string needed = refused is { } block ? $"a tensor of {ByteSize.Format(block.Bytes)} on {Name(block.Device)}" : Needed(error.Message);
        string held = TensorMemory.Measures(refused?.Device)
            ? $"{ByteSize.Format(TensorMemory.Current(refused?.Device))} of tensors were held"
            : "what tensors held is not measured here";
        return new TensorMemoryException($"There was not enough memory for {needed}: {held}", error);
    }

    private static string Needed(string message) =>
        BytesPattern().Match(message) is { Success: true } match && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? $"a tensor of {ByteSize.Format(bytes)}"
            : OverflowPattern().IsMatch(message) ? "a tensor of more bytes than can be counted" : "a tensor";

    private static string Name(Device device) => device.type == DeviceType.CPU ? "the CPU" : $"the GPU {device}";

    [GeneratedRegex("can't allocate memory|not enough memory|CUDA out of memory|std::bad_alloc|invalid.*size.*overflow|(?:calculation|multiplication) overflow", RegexOptions.CultureInvariant)]
    private static partial Regex RefusalPattern();

    [GeneratedRegex("tried to allocate ([0-9]+) bytes", RegexOptions.CultureInvariant)]
    private static partial Regex BytesPattern();

    [GeneratedRegex("overflow", RegexOptions.CultureInvariant)]
    private static partial Regex OverflowPattern();
}
