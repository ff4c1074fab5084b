using System.Collections;
using System.Globalization;
using System.Text;
using UniPT.Training.Recipes.Binding;
using UniPT.Tuning;

namespace UniPT.Training.Recipes;

/// <summary>The reference of all recipe options, made of the option records and their doc comments.</summary>
public sealed class RecipeReference
{
    private const string Introduction = """
        # Recipe options

        A recipe is a YAML file. What it leaves out takes its default, and a key that is not here is an error, as is a
        value that is not allowed. Paths are relative to the recipe's folder.

        `--set key=value` on the command line stands over the file, with the dotted keys below:
        `--set train.epochs=3 --set train.step_epochs=[15,20]`. Text, such as a path, is taken as it stands after the
        `=`, without YAML's rules: `--set "data.path=/x/My Photos #2"`; a path there is relative to the current folder.
        Overriding `method.name` also drops the file's other options of the method.


        """;

    private readonly StringBuilder _text = new();
    private readonly RecipeCatalog _catalog;

    private RecipeReference(RecipeCatalog catalog) => _catalog = catalog;

    /// <summary>The reference as Markdown: a table a section, one more for the options of every method.</summary>
    public static string Markdown(RecipeCatalog catalog)
    {
        var reference = new RecipeReference(catalog);
        reference.AppendRecipe();
        return reference._text.ToString();
    }

    private void AppendRecipe()
    {
        IReadOnlyList<OptionProperty> options = OptionProperty.Of(typeof(Recipe));
        _text.Append(Introduction.ReplaceLineEndings("\n"));
        AppendTable("", typeof(Recipe), options.Where(option => !option.IsSection));
        foreach (OptionProperty section in options.Where(option => option.IsSection))
        {
            _text.Append(CultureInfo.InvariantCulture, $"\n## {section.Name}\n\n{XmlSummary.Of(section.Member)}\n\n");
            if (section.Type == typeof(MethodChoice))
            {
                AppendMethods(section.Name);
            }
            else
            {
                AppendTable(section.Name, section.Type, OptionProperty.Of(section.Type));
            }
        }
    }

    private void AppendMethods(string section)
    {
        string names = string.Join(", ", _catalog.Methods.Keys.Select(name => $"`{name}`"));
        _text.Append(CultureInfo.InvariantCulture, $"`{section}.name` is required and one of {names}; the other options depend on it.\n");
        foreach ((string name, TuningRegistration method) in _catalog.Methods)
        {
            _text.Append(CultureInfo.InvariantCulture, $"\n### {name}\n\n{XmlSummary.Of(method.Options)}\n");
            IReadOnlyList<OptionProperty> options = OptionProperty.Of(method.Options);
            if (options.Count > 0)
            {
                _text.Append('\n');
                AppendTable(section, method.Options, options);
            }
        }
    }

    private void AppendTable(string section, Type record, IEnumerable<OptionProperty> options)
    {
        _text.Append("| Option | Value | Default | Meaning |\n| --- | --- | --- | --- |\n");
        AppendRows(section, record, options);
    }

    private void AppendRows(string section, Type record, IEnumerable<OptionProperty> options)
    {
        object defaults = Activator.CreateInstance(record)!;
        foreach (OptionProperty option in options)
        {
            string key = OptionName.Join(section, option.Name);
            if (option.Type == typeof(OptionMap<WeightGroup>))
            {
                AppendRows($"{key}.<name>", typeof(WeightGroup), OptionProperty.Of(typeof(WeightGroup)));
                continue;
            }

            if (option.IsSection)
            {
                AppendRows(key, option.Type, OptionProperty.Of(option.Type));
                continue;
            }

            string allowed = _catalog.Names.TryGetValue(key, out IReadOnlyList<string>? names)
                ? $"one of {string.Join(", ", names)}"
                : option.Allowed;
            string fallback = option.IsRequired ? "required" : $"`{Show(option.Get(defaults))}`";
            _text.Append(CultureInfo.InvariantCulture, $"| `{key}` | {allowed} | {fallback} | {Meaning(option)} |\n");
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
