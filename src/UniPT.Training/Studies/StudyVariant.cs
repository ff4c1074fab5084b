namespace UniPT.Training.Studies;

/// <summary>One of the variants that a study compares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Overrides">What it changes of the study's recipe, <c>key=value</c> each.</param>
public sealed record StudyVariant(string Name, IReadOnlyList<string> Overrides);
