using System.Collections;
using System.Globalization;
using System.Text;
using UniPT.Training.Contracts;
using UniPT.Training.Recipes;
using UniPT.Training.Recipes.Binding;
using UniPT.Training.Tests.Recipes.Binding;
using UniPT.Tuning;

namespace UniPT.Training.Tests.Recipes;

/// <summary>The reference of all recipe options, made of the option records and their doc comments.</summary>
internal sealed class RecipeReference
{
    private const string Introduction = """
        # Recipe options

        A recipe is a YAML file. What it leaves out takes its default, and a key that is not here is an error, as is a
        value that is not allowed. Paths are relative to the recipe's folder.

        `base: other.yaml` at its top builds on another recipe, whose options it takes where it gives none; of a list, `base: [a.yaml, b.yaml]`, the later
        stand over the earlier. Paths belong to the file that names them. A recipe of a version without tasks, with `image`, `text`, `head` and `loss` at its top, is read as one of
        `retrieval`.

        `--set key=value` on the command line stands over the file, with the dotted keys below:
        `--set train.epochs=3 --set train.step_epochs=[15,20]`. Text, such as a path, is taken as it stands after the
        `=`, without YAML's rules: `--set "data.path=/x/My Photos #2"`; a path there is relative to the current folder.
        Overriding `method.name` also drops the file's other options of the method, and so it is with `task.name`.


        """;

    private readonly StringBuilder _text = new();
    private readonly RecipeCatalog _catalog;

    private RecipeReference(RecipeCatalog catalog) => _catalog = catalog;

    /// <summary>The reference as Markdown: a table a section, one more for the options of every method.</summary>
    internal static string Markdown(RecipeCatalog catalog)
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
            switch (section.Type)
            {
                case var type when type == typeof(TaskChoice):
                    AppendTasks(section.Name);
                    break;
                case var type when type == typeof(MethodChoice):
                    AppendMethods(section.Name);
                    break;
                case var type when type == typeof(OptionMap<BackboneOptions>):
                    AppendTable($"{section.Name}.<name>", typeof(BackboneOptions), OptionProperty.Of(typeof(BackboneOptions)));
                    break;
                default:
                    AppendTable(section.Name, section.Type, OptionProperty.Of(section.Type));
                    break;
            }
        }
    }

    private void AppendTasks(string section)
    {
        _text.Append(CultureInfo.InvariantCulture, $"`{section}.name` is required and one of {Names(_catalog.Tasks.Keys)}; the other options, and those of `data`, depend on it.\n");
        foreach ((string name, TaskRegistration task) in _catalog.Tasks)
        {
            _text.Append(CultureInfo.InvariantCulture, $"\n### {name}\n\n{XmlSummary.Of(task.Options)}\n\n");
            foreach (BackboneNeed need in task.Backbones)
            {
                _text.Append(CultureInfo.InvariantCulture, $"It needs `backbones.{need.Name}`, with an architecture that has a stream `{need.Stream}`: {Names(_catalog.Architectures(need.Stream))}.\n");
            }

            _text.Append('\n');
            AppendTable(section, task.Options, OptionProperty.Of(task.Options));
            _text.Append(CultureInfo.InvariantCulture, $"\n{XmlSummary.Of(task.Data)}\n\n");
            AppendTable("data", task.Data, OptionProperty.Of(task.Data));
        }
    }

    private void AppendMethods(string section)
    {
        _text.Append(CultureInfo.InvariantCulture, $"`{section}.name` is required and one of {Names(_catalog.Methods.Keys)}; the other options depend on it. ");
        _text.Append(CultureInfo.InvariantCulture, $"`{section}.backbones.<name>` may give others for one backbone's stream.\n");
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

            string fallback = option.IsRequired ? "required" : $"`{Show(option.Get(defaults))}`";
            _text.Append(CultureInfo.InvariantCulture, $"| `{key}` | {option.Allowed} | {fallback} | {Meaning(option)} |\n");
        }
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));

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
