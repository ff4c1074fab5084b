using System.Collections;
using System.Text;
using UniPT.Training.Recipes.Binding;
using UniPT.Tuning;

namespace UniPT.Training.Recipes;

/// <summary>The reference of all recipe options, made of the option records and their doc comments.</summary>
public static class RecipeReference
{
    /// <summary>The reference as Markdown: a table a section, one more for the options of every method.</summary>
    public static string Markdown(RecipeCatalog catalog)
    {
        var text = new StringBuilder();
        IReadOnlyList<OptionProperty> options = OptionProperty.Of(typeof(Recipe));
        text.Append("# Recipe options\n\n").Append(XmlSummary.Of(typeof(Recipe))).Append("\n\n");
        AppendTable(text, "", typeof(Recipe), options.Where(option => !option.IsSection));
        foreach (OptionProperty section in options.Where(option => option.IsSection))
        {
            text.Append($"\n## {section.Name}\n\n{XmlSummary.Of(section.Member)}\n\n");
            if (section.Type == typeof(MethodChoice))
            {
                AppendMethods(text, section.Name, catalog);
            }
            else
            {
                AppendTable(text, section.Name, section.Type, OptionProperty.Of(section.Type));
            }
        }

        return text.ToString();
    }

    private static void AppendMethods(StringBuilder text, string section, RecipeCatalog catalog)
    {
        string names = string.Join(", ", catalog.Methods.Keys.Select(name => $"`{name}`"));
        text.Append($"`{section}.name` is required and one of {names}; the other options depend on it.\n");
        foreach ((string name, TuningRegistration method) in catalog.Methods)
        {
            text.Append($"\n### {name}\n\n{XmlSummary.Of(method.Options)}\n");
            IReadOnlyList<OptionProperty> options = OptionProperty.Of(method.Options);
            if (options.Count > 0)
            {
                text.Append('\n');
                AppendTable(text, section, method.Options, options);
            }
        }
    }

    private static void AppendTable(
        StringBuilder text, string section, Type record, IEnumerable<OptionProperty> options)
    {
        text.Append("| Option | Value | Default | Meaning |\n| --- | --- | --- | --- |\n");
        AppendRows(text, section, record, options);
    }

    private static void AppendRows(StringBuilder text, string section, Type record, IEnumerable<OptionProperty> options)
    {
        object defaults = Activator.CreateInstance(record)!;
        foreach (OptionProperty option in options)
        {
            string key = OptionName.Join(section, option.Name);
            if (option.IsSection)
            {
                AppendRows(text, key, option.Type, OptionProperty.Of(option.Type));
                continue;
            }

            string fallback = option.IsRequired ? "required" : $"`{Show(option.Get(defaults))}`";
            text.Append($"| `{key}` | {option.Allowed} | {fallback} | {Meaning(option)} |\n");
        }
    }

    private static string Show(object? value) => value switch
    {
        null => "null",
        string or ValueType => OptionText.Format(value),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(OptionText.Format))}]",
        _ => throw new NotSupportedException($"Options of type {value.GetType()} are not supported."),
    };

    private static string Meaning(OptionProperty option)
    {
        IEnumerable<string> members = option.Type.IsEnum
            ? Enum.GetNames(option.Type).Select(name =>
                $"<br>`{OptionName.Of(name)}`: {XmlSummary.Of(option.Type.GetField(name)!)}")
            : [];
        return XmlSummary.Of(option.Member) + string.Concat(members);
    }
}
