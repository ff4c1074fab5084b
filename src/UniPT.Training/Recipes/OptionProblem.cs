namespace UniPT.Training.Recipes;

/// <summary>Something wrong with one option.</summary>
/// <param name="Key">The full dotted key.</param>
/// <param name="Sentence">The rest of the sentence that starts with the key.</param>
/// <param name="Origin">Where its value was given; null where that is the option's own place.</param>
public sealed record OptionProblem(string Key, string Sentence, string? Origin = null);
