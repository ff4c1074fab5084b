using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning;

/// <summary>What methods that reach inside a backbone ask of it first.</summary>
internal static class Inside
{
    /// <summary>The frozen backbone's blocks.</summary>
    /// <exception cref="UserException">It shows none, or is only read.</exception>
    public static IReadOnlyList<BackboneBlock> Blocks(Backbone backbone, string method) => Frozen(backbone, method).Blocks is { Count: > 0 } blocks
        ? blocks
        : throw new UserException($"{method} is not defined for {backbone.Name}: it reaches into blocks, and this backbone shows none.");

    /// <summary>The backbone, if it may be reached into.</summary>
    /// <exception cref="UserException">It is a model of the user's own.</exception>
    public static Backbone Open(Backbone backbone, string method) => backbone.Store.IsBorrowed
        ? throw new UserException($"{method} is not defined for {backbone.Name}: it reaches into the backbone, and a model of your own is only read from outside.")
        : backbone;

    /// <summary>The backbone, if none of its weights trains.</summary>
    /// <exception cref="UserException">It is a model of the user's own.</exception>
    public static Backbone Frozen(Backbone backbone, string method) => Open(backbone, method).Store.Trainable.Any()
        ? throw new InvalidOperationException($"{method} needs a frozen backbone; some weights of this one train already.")
        : backbone;

    /// <summary>The maps of some roles in all blocks, each with the place of its own weights.</summary>
    /// <exception cref="UserException">No block has a map of these roles.</exception>
    public static IReadOnlyList<(LinearMap Map, Weights Weights)> Linears(Backbone backbone, Weights weights, IEnumerable<LinearRole> roles, string method)
    {
        LinearRole[] wanted = [.. roles];
        (LinearMap, Weights)[] found =
        [
            .. Blocks(backbone, method).SelectMany((block, i) => block.Linears
                .Where(pair => wanted.Contains(pair.Key))
                .OrderBy(pair => pair.Key)
                .Select(pair => (pair.Value, weights / "blocks" / i / pair.Key.ToString().ToLowerInvariant()))),
        ];
        string names = string.Join(", ", wanted.Select(role => role.ToString().ToLowerInvariant()));
        return found.Length > 0
            ? found
            : throw new UserException($"{method} is not defined for {backbone.Name} with the linear maps [{names}]: no block has any of them.");
    }

    /// <summary>Sets the extension of a map that has none.</summary>
    public static void Extend(this LinearMap map, LinearExtension extension)
    {
        if (map.Extension is not null)
        {
            throw new InvalidOperationException("The backbone is extended by a method already; open it once for each.");
        }

        map.Extension = extension;
    }
}
