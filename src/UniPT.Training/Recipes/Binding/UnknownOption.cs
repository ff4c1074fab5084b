namespace UniPT.Training.Recipes.Binding;

/// <summary>Says of an option that does not exist what was probably meant.</summary>
internal static class UnknownOption
{
    /// <summary>The rest of the sentence that starts with the option's key.</summary>
    /// <param name="section">The dotted key of the section that it stands in; empty at the top.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="type">The section's option record.</param>
    /// <param name="catalog">The methods whose option it may be.</param>
    internal static string Describe(string section, string name, Type type, RecipeCatalog catalog)
    {
        string[] known = [.. OptionProperty.Of(type).Select(option => option.Name)];
        string owner = section.Length == 0 ? "a recipe" : section;
        string found = "is not an option";
        if (catalog.Methods.FirstOrDefault(method => method.Value.Options == type) is { Key: not null } method)
        {
            owner = method.Key;
            string[] others =
                [.. catalog.Methods.Where(other => Has(other.Value.Options, name)).Select(other => other.Key)];
            found = others.Length > 0 ? $"belongs to {string.Join(", ", others)}" : $"is not an option of {owner}";
        }

        string? meant = Spelling.Nearest(name, known) is { } near ? OptionName.Join(section, near) : Elsewhere(name);
        string hint = meant is null ? "" : $" (did you mean {meant}?)";
        string list = known.Length == 0 ? "no options" : string.Join(", ", known);
        return $"{found}{hint}; {owner} has: {list}.";
    }

    private static bool Has(Type record, string name) => OptionProperty.Of(record).Any(option => option.Name == name);

    private static string? Elsewhere(string name) => OptionProperty.Of(typeof(Recipe))
        .Where(section => section.IsSection && section.Type != typeof(MethodChoice) && Has(section.Type, name))
        .Select(section => OptionName.Join(section.Name, name))
        .FirstOrDefault();
}
