namespace UniPT;

/// <summary>
/// Marks a text option as the path of an existing file or folder. A recipe gives it relative to its own folder or,
/// when nothing is there, to the working directory; the bound option holds the full path.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionPathAttribute : Attribute;
