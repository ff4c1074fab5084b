using UniPT.Backbones.Pretrained;
using UniPT.Torch;

namespace UniPT.Training.Recipes.Binding;

/// <summary>Binds options that are single values or lists.</summary>
/// <param name="folder">The recipe's folder, to which its paths belong.</param>
/// <param name="requireFiles">Whether paths must lead somewhere; without, one that does not is kept.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class ValueBinder(string folder, bool requireFiles, ICollection<OptionProblem> problems)
{
    /// <summary>The value that was given, or the default where none was or it is wrong.</summary>
    internal object? Bind(OptionProperty option, string key, OptionNode? node, object? fallback)
    {
        object? value = null;
        string origin = folder;
        if (node is OptionGiven given)
        {
            (node, origin) = (given.As(option.Type), given.Folder);
        }

        if (node is OptionScalar { IsNull: true } && option.IsNullable)
        {
            return null;
        }

        if (node is not null)
        {
            value = option.Element is null ? BindScalar(option, key, node, origin) : BindList(option, key, node, origin);
        }
        else if (option.IsRequired)
        {
            problems.Add(new OptionProblem(key, $"is missing; expected {option.Allowed}."));
        }

        return value ?? fallback ?? (option.Type == typeof(string) && !option.IsNullable ? "" : null);
    }

    private object? BindScalar(OptionProperty option, string key, OptionNode node, string origin)
    {
        object? value = node is OptionScalar { IsNull: false } scalar
            ? OptionText.Parse(scalar.Text, option.Element ?? option.Type, option.Range)
            : null;
        string looked = "";
        if (option.Path is { } kind && value is string path && !(kind.OrModel && PretrainedModels.IsName(path)))
        {
            string? place = Resolve(path, ((OptionScalar)node).Folder ?? origin);
            looked = place is null ? "" : $", looked for at {place}";
            value = requireFiles && !(kind.OrModel && place is not null ? Path.Exists(WeightsPath.Parse(place).Place) : Path.Exists(place)) ? null : place;
        }

        if (value is null)
        {
            problems.Add(new OptionProblem(key, $"is {node.Shown}; expected {option.AllowedElement}{looked}.", node.Origin));
        }

        return value;
    }

    private object? BindList(OptionProperty option, string key, OptionNode node, string origin)
    {
        if (node is not OptionSequence list)
        {
            problems.Add(new OptionProblem(key, $"is {node.Shown}; expected {option.Allowed}."));
            return null;
        }

        var items = Array.CreateInstance(option.Element!, list.Items.Count);
        for (int i = 0; i < items.Length; i++)
        {
            items.SetValue(BindScalar(option, $"{key}[{i}]", list.Items[i], origin), i);
        }

        return Activator.CreateInstance(option.Type, items);
    }

    /// <summary>The full path; null for what no file is called, for which <see cref="Path.GetFullPath(string)"/> throws.</summary>
    private static string? Resolve(string path, string origin) =>
        path.Length == 0 || path.Contains('\0') ? null : Path.GetFullPath(path, Path.GetFullPath(origin));
}
