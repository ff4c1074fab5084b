namespace UniPT.Cli.Doctor;

/// <summary>Whether what was found will do.</summary>
internal enum Health
{
    Good,
    Slow,
    Missing,
}
