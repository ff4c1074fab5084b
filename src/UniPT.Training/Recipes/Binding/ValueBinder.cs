namespace UniPT.Training.Recipes.Binding;

/// <summary>Binds options that are single values or lists.</summary>
/// <param name="folder">The recipe's folder, where paths are looked for first.</param>
/// <param name="requireFiles">Whether paths must lead somewhere; without, one that does not is kept.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class ValueBinder(string folder, bool requireFiles, ICollection<OptionProblem> problems)
{
    /// <summary>The value that was given, or the default where none was or it is wrong.</summary>
    internal object? Bind(OptionProperty option, string key, OptionNode? node, object? fallback)
    {
        object? value = null;
        if (node is OptionScalar { IsNull: true } && option.IsNullable)
        {
            return null;
        }

        if (node is not null)
        {
            value = option.Element is null ? BindScalar(option, key, node) : BindList(option, key, node);
        }
        else if (option.IsRequired)
        {
            Report(key, "is missing", option, null);
        }

        return value ?? fallback ?? (option.Type == typeof(string) && !option.IsNullable ? "" : null);
    }

    private object? BindScalar(OptionProperty option, string key, OptionNode node)
    {
        object? value = node is OptionScalar { IsNull: false } scalar
            ? OptionText.Parse(scalar.Text, option.Element ?? option.Type, option.Range)
            : null;
        value = option.IsPath && value is string path ? Resolve(path) : value;
        if (value is null)
        {
            Report(key, $"is {node.Shown}", option, node);
        }

        return value;
    }

    private object? BindList(OptionProperty option, string key, OptionNode node)
    {
        if (node is not OptionSequence list)
        {
            problems.Add(new OptionProblem(key, $"is {node.Shown}; expected {option.Allowed}."));
            return null;
        }

        var items = Array.CreateInstance(option.Element!, list.Items.Count);
        for (int i = 0; i < items.Length; i++)
        {
            items.SetValue(BindScalar(option, $"{key}[{i}]", list.Items[i]), i);
        }

        return Activator.CreateInstance(option.Type, items);
    }

    private string? Resolve(string path)
    {
        // Path.GetFullPath throws for these; no file has such a name.
        if (path.Length == 0 || path.Contains('\0'))
        {
            return null;
        }

        string beside = Path.GetFullPath(path, Path.GetFullPath(folder));
        string here = Path.GetFullPath(path);
        return Path.Exists(beside) ? beside : Path.Exists(here) ? here : requireFiles ? null : beside;
    }

    private void Report(string key, string found, OptionProperty option, OptionNode? node)
    {
        string looked = option.IsPath ? $", in {Path.GetFullPath(folder)} or {Environment.CurrentDirectory}" : "";
        string allowed = node is null ? option.Allowed : option.AllowedElement;
        problems.Add(new OptionProblem(key, $"{found}; expected {allowed}{looked}.", node?.Origin));
    }
}
