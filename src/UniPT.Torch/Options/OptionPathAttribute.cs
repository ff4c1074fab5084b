namespace UniPT;

/// <summary>
/// Marks a text option as the path of an existing file or folder. A recipe gives it relative to its own folder, a command line to
/// the current one; the bound option holds the full path.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionPathAttribute : Attribute
{
    /// <summary>Whether the name of a pretrained model may stand there, which the bound option keeps as it is.</summary>
    public bool OrModel { get; init; }
}
