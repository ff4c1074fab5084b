namespace UniPT.Training.Recipes;

/// <summary>
/// A tuning method by name with that method's own options; in a recipe both stand in the <c>method</c> section.
/// </summary>
/// <param name="Name">The method's name in the <see cref="RecipeCatalog"/>.</param>
/// <param name="Options">The method's option record, of the type that the catalog has under the name.</param>
public sealed record MethodChoice(string Name, object Options);
