namespace UniPT.Torch;

/// <summary>There was not enough memory for tensors; the message says what was needed, what was held and what to lower.</summary>
public sealed class TensorMemoryException : UserException
{
    /// <summary>Creates the error from its sentence and libtorch's own.</summary>
    public TensorMemoryException(string message, Exception? cause = null) : base(message, cause!)
    {
    }
}
