namespace UniPT.Training.Recipes.Binding;

/// <summary>A value in a recipe before its type is known.</summary>
/// <param name="Origin">Where it was given, as a message starts: <c>file:line</c>, or the override.</param>
internal abstract record OptionNode(string Origin)
{
    /// <summary>The value as a message shows it.</summary>
    internal abstract string Shown { get; }
}
