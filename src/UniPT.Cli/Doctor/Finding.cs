namespace UniPT.Cli.Doctor;

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Subject">What it is.</param>
/// <param name="Health">Whether it will do.</param>
/// <param name="Found">What is there.</param>
/// <param name="Advice">How to get what is missing or better; null where nothing is to be done.</param>
internal sealed record Finding(string Subject, Health Health, string Found, string? Advice = null);

/// <summary>Whether what was found will do.</summary>
internal enum Health
{
    Good,
    Slow,
    Missing,
}
