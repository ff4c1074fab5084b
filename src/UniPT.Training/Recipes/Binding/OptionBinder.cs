using UniPT.Training.Contracts;

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
    private TaskRegistration? _task;

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
    internal Recipe Bind(OptionMapping root)
    {
        // What stands in other sections depends on the task.
        _task = Chosen(root.Entries.GetValueOrDefault("task") as OptionMapping, _catalog.Tasks);
        return (Recipe)BindSection(typeof(Recipe), "", root);
    }

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
                _problems.Add(new OptionProblem(key, UnknownOption.Describe(section, name, type, _catalog, _task)));
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
            var type when type == typeof(TaskChoice) => BindTask(key, section),
            var type when type == typeof(MethodChoice) => BindMethod(key, section),
            var type when type == typeof(DataOptions) => BindSection(_task?.Data ?? type, key, _task is null ? KnownOf(type, section) : section),
            var type when type == typeof(OptionMap<WeightGroup>) => BindGroups(key, section),
            var type when type == typeof(OptionMap<BackboneOptions>) => BindBackbones(key, section),
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

    private TaskChoice BindTask(string section, OptionMapping given) => BindName(section, given, _catalog.Tasks) is var (name, task)
        ? new TaskChoice(name, BindSection(task.Options, section, Without(given, "name")))
        : new TaskChoice("", new object());

    private MethodChoice BindMethod(string section, OptionMapping given)
    {
        const string Differing = "backbones";
        if (BindName(section, given, _catalog.Methods) is not var (name, method))
        {
            return new MethodChoice("", new object());
        }

        OptionMapping shared = Without(given, "name", Differing);
        object options = BindSection(method.Options, section, shared);
        var own = new OptionMap<object>();
        string key = OptionName.Join(section, Differing);
        foreach ((string backbone, OptionNode node) in Sections(key, given.Entries.GetValueOrDefault(Differing)))
        {
            var both = new OptionMapping(node.Origin);
            foreach ((string option, OptionNode value) in shared.Entries.Concat(((OptionMapping)node).Entries))
            {
                both.Entries[option] = value;
            }

            own = own.With(backbone, BindSection(method.Options, OptionName.Join(key, backbone), both));
        }

        return new MethodChoice(name, options, own);
    }

    private OptionMap<BackboneOptions> BindBackbones(string key, OptionMapping given)
    {
        var backbones = new OptionMap<BackboneOptions>();
        if (_task is null)
        {
            return backbones;
        }

        Dictionary<string, OptionNode> sections = Sections(key, given).ToDictionary(pair => pair.Name, pair => pair.Section);
        foreach (BackboneNeed need in _task.Backbones)
        {
            string inner = OptionName.Join(key, need.Name);
            if (sections.TryGetValue(need.Name, out OptionNode? section))
            {
                backbones = backbones.With(need.Name, (BackboneOptions)BindSection(typeof(BackboneOptions), inner, (OptionMapping)section));
            }
            else if (!_problems.Any(problem => problem.Key == inner))
            {
                _problems.Add(new OptionProblem(inner, $"is missing; {_task.Name} needs a backbone there, with its architecture and weights."));
            }
        }

        return backbones;
    }

    /// <summary>The subsections of a section whose names are those of the task's backbones.</summary>
    private IEnumerable<(string Name, OptionNode Section)> Sections(string key, OptionNode? node)
    {
        if (node is null or OptionScalar { IsNull: true } || _task is null)
        {
            yield break;
        }

        if (node is not OptionMapping given)
        {
            _problems.Add(new OptionProblem(key, $"is {node.Shown}; expected a section for each backbone."));
            yield break;
        }

        string[] needed = [.. _task.Backbones.Select(need => need.Name)];
        foreach ((string name, OptionNode value) in given.Entries)
        {
            string inner = OptionName.Join(key, name);
            _origins[inner] = value.Origin;
            if (!needed.Contains(name))
            {
                _problems.Add(new OptionProblem(inner, $"is not a backbone of {_task.Name}, which has: {string.Join(", ", needed)}."));
            }
            else if (value is not OptionMapping)
            {
                _problems.Add(new OptionProblem(inner, $"is {value.Shown}; expected a section of options."));
            }
            else
            {
                yield return (name, value);
            }
        }
    }

    /// <summary>What a section's <c>name</c> chooses; a problem and null where that is nothing.</summary>
    private (string Name, T Chosen)? BindName<T>(string section, OptionMapping given, IReadOnlyDictionary<string, T> known) where T : class
    {
        string key = OptionName.Join(section, "name");
        OptionNode? name = given.Entries.GetValueOrDefault("name");
        if (name is not null)
        {
            _origins[key] = name.Origin;
        }

        if (Chosen(given, known) is { } chosen)
        {
            return (TextOf(name), chosen);
        }

        _problems.Add(new OptionProblem(key, $"is {name?.Shown ?? "missing"}; expected one of {string.Join(", ", known.Keys)}."));
        return null;
    }

    private static T? Chosen<T>(OptionMapping? given, IReadOnlyDictionary<string, T> known) where T : class =>
        known.GetValueOrDefault(TextOf(given?.Entries.GetValueOrDefault("name")));

    private static string TextOf(OptionNode? name) => name switch
    {
        OptionScalar scalar => scalar.Text,
        OptionGiven typed => typed.Text,
        _ => "",
    };

    private static OptionMapping Without(OptionMapping given, params ReadOnlySpan<string> names)
    {
        var rest = new OptionMapping(given.Origin);
        foreach ((string option, OptionNode node) in given.Entries)
        {
            if (!names.Contains(option))
            {
                rest.Entries[option] = node;
            }
        }

        return rest;
    }

    private static OptionMapping KnownOf(Type type, OptionMapping given) =>
        Without(given, [.. given.Entries.Keys.Except(OptionProperty.Of(type).Select(option => option.Name))]);
}
