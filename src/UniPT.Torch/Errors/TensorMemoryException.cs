namespace UniPT.Torch;

/// <summary>There was not enough memory for tensors; the message says what was needed, what was held and what to lower.</summary>
public sealed class TensorMemoryException : UserException
{
    private const string General = "lower the batch size, the size of the pictures or the length of the texts";
    private readonly string _refusal;

    /// <summary>Creates the error from what was refused and libtorch's own error.</summary>
    /// <param name="refusal">What was needed and what was held, without a full stop.</param>
    /// <param name="cause">What TorchSharp threw.</param>
    public TensorMemoryException(string refusal, Exception? cause = null) : this(refusal, null, cause)
    {
    }

    private TensorMemoryException(string refusal, string? advice, Exception? cause) : base($"{refusal}; {advice ?? General}.", cause!) =>
        (_refusal, Advice) = (refusal, advice);

    /// <summary>What to lower, where whoever asked for the work knew better than this library.</summary>
    public string? Advice { get; }

    /// <summary>The same error with other advice; itself where it has some already, which came from nearer to the work.</summary>
    /// <param name="advice">Such as <c>lower train.batch_size</c>.</param>
    public TensorMemoryException Advise(string advice) => Advice is null ? new TensorMemoryException(_refusal, advice, InnerException) : this;
}
