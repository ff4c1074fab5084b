namespace UniPT;

/// <summary>
/// Something the user gave is wrong: a file, an option, a value. The message is one sentence that names the
/// thing, what was expected and what was found; the tool prints it without a stack trace and exits with 2.
/// </summary>
public class UserException : Exception
{
    /// <summary>Creates the error from its sentence.</summary>
    public UserException(string message) : base(message)
    {
    }

    /// <summary>Creates the error from its sentence and the lower-level cause.</summary>
    public UserException(string message, Exception cause) : base(message, cause)
    {
    }
}
