using UniPT.Training.Contracts;

namespace UniPT.Training.Recipes.Binding;

/// <summary>Says of an option that does not exist what was probably meant.</summary>
internal static class UnknownOption
{
    /// <summary>The rest of the sentence that starts with the option's key.</summary>
    /// <param name="section">The dotted key of the section that it stands in; empty at the top.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="type">The section's option record.</param>
    /// <param name="catalog">The methods and tasks whose option it may be.</param>
    /// <param name="task">The recipe's task, if it is known.</param>
    internal static string Describe(string section, string name, Type type, RecipeCatalog catalog, TaskRegistration? task)
    {
        string[] known = [.. OptionProperty.Of(type).Select(option => option.Name)];
        string owner = section.Length == 0 ? "a recipe" : section;
        string found = "is not an option";
        (string Name, Type Options)[] alternatives = [.. catalog.Methods.Select(method => (method.Key, method.Value.Options))];
        if (catalog.Tasks.Values.Any(other => other.Options == type || other.Data == type))
        {
            alternatives = [.. catalog.Tasks.Select(other => (other.Key, other.Value.Options == type ? other.Value.Options : section == "data" ? other.Value.Data : other.Value.Options))];
        }

        if (alternatives.FirstOrDefault(alternative => alternative.Options == type).Name is { } chosen)
        {
            owner = section == "data" ? $"data of {chosen}" : chosen;
            string[] others = [.. alternatives.Where(other => Has(other.Options, name)).Select(other => other.Name)];
            found = others.Length > 0 ? $"belongs to {string.Join(", ", others)}" : $"is not an option of {owner}";
        }

        string? meant = Spelling.Nearest(name, known) is { } near ? OptionName.Join(section, near) : Elsewhere("", typeof(Recipe), name, task);
        string hint = meant is null ? "" : $" (did you mean {meant}?)";
        string list = known.Length == 0 ? "no options" : string.Join(", ", known);
        return $"{found}{hint}; {owner} has: {list}.";
    }

    private static bool Has(Type record, string name) => OptionProperty.Of(record).Any(option => option.Name == name);

    /// <summary>The first section below one that has an option of that name, sections nearer to the top first.</summary>
    private static string? Elsewhere(string section, Type record, string name, TaskRegistration? task)
    {
        (string Key, Type Type)[] inner =
        [
            .. from option in OptionProperty.Of(record)
               where option.IsSection
               let type = option.Type == typeof(TaskChoice) ? task?.Options : option.Type == typeof(DataOptions) ? task?.Data ?? option.Type : option.Type
               where type is not null && type != typeof(MethodChoice) && !type.IsGenericType
               select (OptionName.Join(section, option.Name), type),
        ];
        if (section.Length == 0 && task?.Backbones.Any(need => need.Name == name) == true)
        {
            return OptionName.Join("backbones", name);
        }

        return inner.Where(part => Has(part.Type, name)).Select(part => OptionName.Join(part.Key, name)).FirstOrDefault()
            ?? inner.Select(part => Elsewhere(part.Key, part.Type, name, task)).OfType<string>().FirstOrDefault();
    }
}
