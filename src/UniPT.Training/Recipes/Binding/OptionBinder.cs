using UniPT.Tuning;

namespace UniPT.Training.Recipes.Binding;

/// <summary>
/// Makes option records of a recipe's nodes. All that is wrong is collected; where an option is wrong the record holds
/// its default or an empty value, so that the rest can still be checked, and is good for nothing else.
/// </summary>
internal sealed class OptionBinder
{
    private readonly RecipeCatalog _catalog;
    private readonly ValueBinder _values;
    private readonly Dictionary<string, string> _origins = [];
    private readonly List<OptionProblem> _problems = [];

    /// <param name="folder">The recipe's folder.</param>
    /// <param name="requireFiles">Whether the files that it names must exist.</param>
    /// <param name="catalog">What it may choose from.</param>
    internal OptionBinder(string folder, bool requireFiles, RecipeCatalog catalog) =>
        (_catalog, _values) = (catalog, new ValueBinder(folder, requireFiles, _problems));

    /// <summary>What is wrong, in the order in which it was found.</summary>
    internal IReadOnlyList<OptionProblem> Problems => _problems;

    /// <summary>Where each option that was given was given.</summary>
    internal IReadOnlyDictionary<string, string> Origins => _origins;

    /// <summary>Binds a whole recipe.</summary>
    internal Recipe Bind(OptionMapping root) => (Recipe)BindSection(typeof(Recipe), "", root);

    private object BindSection(Type type, string section, OptionMapping given)
    {
        object record = Activator.CreateInstance(type)!;
        IReadOnlyList<OptionProperty> options = OptionProperty.Of(type);
        foreach ((string name, OptionNode node) in given.Entries)
        {
            string key = OptionName.Join(section, name);
            _origins[key] = node.Origin;
            if (options.All(option => option.Name != name))
            {
                _problems.Add(new OptionProblem(key, UnknownOption.Describe(section, name, type, _catalog)));
            }
        }

        foreach (OptionProperty option in options)
        {
            string key = OptionName.Join(section, option.Name);
            OptionNode? node = given.Entries.GetValueOrDefault(option.Name);
            option.Set(record, option.IsSection
                ? BindInner(option, key, node)
                : _values.Bind(option, key, node, option.Get(record)));
        }

        return record;
    }

    private object? BindInner(OptionProperty option, string key, OptionNode? node)
    {
        node = node is OptionGiven given ? given.As(option.Type) : node;

        // A section whose options are all commented out reads as null.
        bool empty = node is null or OptionScalar { IsNull: true };
        if (empty && option.IsNullable)
        {
            return null;
        }

        if (!empty && node is not OptionMapping)
        {
            _problems.Add(new OptionProblem(key, $"is {node!.Shown}; expected a section of options."));
        }

        OptionMapping section = node as OptionMapping ?? new OptionMapping("");
        return option.Type switch
        {
            var type when type == typeof(MethodChoice) => BindMethod(key, section),
            var type when type == typeof(OptionMap<WeightGroup>) => BindGroups(key, section),
            var type => BindSection(type, key, section),
        };
    }

    /// <summary>Sections of any names.</summary>
    private OptionMap<WeightGroup> BindGroups(string key, OptionMapping given)
    {
        var groups = new OptionMap<WeightGroup>();
        foreach ((string name, OptionNode node) in given.Entries)
        {
            string inner = OptionName.Join(key, name);
            _origins[inner] = node.Origin;
            if (node is OptionMapping section)
            {
                groups = groups.With(name, (WeightGroup)BindSection(typeof(WeightGroup), inner, section));
            }
            else
            {
                _problems.Add(new OptionProblem(inner, $"is {node.Shown}; expected a section of options."));
            }
        }

        return groups;
    }

    private MethodChoice BindMethod(string section, OptionMapping given)
    {
        string key = OptionName.Join(section, "name");
        OptionNode? name = given.Entries.GetValueOrDefault("name");
        string chosen = name switch
        {
            OptionScalar scalar => scalar.Text,
            OptionGiven typed => typed.Text,
            _ => "",
        };
        if (name is not null)
        {
            _origins[key] = name.Origin;
        }

        if (!_catalog.Methods.TryGetValue(chosen, out TuningRegistration? method))
        {
            string known = string.Join(", ", _catalog.Methods.Keys);
            _problems.Add(new OptionProblem(key, $"is {name?.Shown ?? "missing"}; expected one of {known}."));
            return new MethodChoice("", new object());
        }

        var options = new OptionMapping(given.Origin);
        foreach ((string option, OptionNode node) in given.Entries.Where(entry => entry.Key != "name"))
        {
            options.Entries[option] = node;
        }

        return new MethodChoice(chosen, BindSection(method.Options, section, options));
    }
}
