using System.Text.Json;
using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning;

/// <summary>The parts of a backbone that methods extend or train, or a sentence where it has none.</summary>
internal static class BackboneAccess
{
    /// <summary>The blocks of a stream of a frozen backbone.</summary>
    /// <exception cref="UserException">It shows none, or is only read.</exception>
    public static IReadOnlyList<BackboneBlock> Blocks(BackboneStream stream, string method) => Frozen(stream, method).Blocks is { Count: > 0 } blocks
        ? blocks
        : throw new UserException($"{method} is not defined for {stream}: it reaches into blocks, and this backbone shows none.");

    /// <summary>The stream, if its backbone may be reached into.</summary>
    /// <exception cref="UserException">It is a model of the user's own.</exception>
    public static BackboneStream Open(BackboneStream stream, string method) => stream.Backbone.Store.IsBorrowed
        ? throw new UserException($"{method} is not defined for {stream}: it reaches into the backbone, and a model of your own is only read from outside.")
        : stream;

    /// <summary>The stream, if none of its backbone's weights trains.</summary>
    /// <exception cref="UserException">It is a model of the user's own.</exception>
    public static BackboneStream Frozen(BackboneStream stream, string method) => Open(stream, method).Backbone.Store.Trainable.Any()
        ? throw new InvalidOperationException($"{method} needs a frozen backbone; some weights of this one train already.")
        : stream;

    /// <summary>Keeps weights out of training that the stream does not read.</summary>
    public static void FreezeUnread(BackboneStream stream)
    {
        foreach (Parameter parameter in stream.Unread.SelectMany(place => place.Parameters))
        {
            parameter.requires_grad = false;
        }
    }

    /// <summary>
    /// The blocks of a stream and, of a decoder, before them those of the encoder that it reads, since what it gives comes of both: each with the place of a
    /// method's own weights for it.
    /// </summary>
    /// <exception cref="UserException">The stream shows none, or is only read.</exception>
    public static IReadOnlyList<(BackboneBlock Block, Weights Weights)> Placed(BackboneStream stream, Weights weights, string method)
    {
        IReadOnlyList<BackboneBlock> own = Blocks(stream, method);
        return [.. Of(stream.Memory?.Blocks ?? [], weights / (stream.Memory?.Name ?? "")), .. Of(own, weights)];

        static IEnumerable<(BackboneBlock, Weights)> Of(IReadOnlyList<BackboneBlock> blocks, Weights place) => blocks.Select((block, i) => (block, place / "blocks" / i));
    }

    /// <summary>The maps of some roles in all blocks, each with the place of its own weights.</summary>
    /// <exception cref="UserException">No block has a map of these roles.</exception>
    public static IReadOnlyList<(LinearMap Map, Weights Weights)> Linears(BackboneStream stream, Weights weights, IEnumerable<LinearRole> roles, string method)
    {
        LinearRole[] wanted = [.. roles];
        (LinearMap, Weights)[] found =
        [
            .. Placed(stream, weights, method).SelectMany(placed => placed.Block.Linears
                .Where(pair => wanted.Contains(pair.Key))
                .OrderBy(pair => pair.Key)
                .Select(pair => (pair.Value, placed.Weights / Place(pair.Key)))),
        ];
        string names = string.Join(", ", wanted.Select(role => role.ToString().ToLowerInvariant()));
        return found.Length > 0
            ? found
            : throw new UserException($"{method} is not defined for {stream} with the linear maps [{names}]: no block has any of them.");
    }

    /// <summary>The name of a map's place, such as <c>cross_query</c>.</summary>
    public static string Place(LinearRole role) => JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());

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
