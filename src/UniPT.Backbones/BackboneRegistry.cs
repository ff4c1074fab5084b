using System.Reflection;
using UniPT.Backbones.Tokenizers;
using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>
/// The architectures by name. Those of this assembly are found by themselves: every backbone with a public static
/// property of the type <see cref="BackboneArchitecture"/>.
/// </summary>
public static class BackboneRegistry
{
    private static readonly Dictionary<string, BackboneArchitecture> Known = typeof(Backbone).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Backbone)))
        .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
        .Where(property => property.PropertyType == typeof(BackboneArchitecture))
        .Select(property => (BackboneArchitecture)property.GetValue(null)!)
        .ToDictionary(architecture => architecture.Name, StringComparer.Ordinal);

    /// <summary>All architectures, sorted by name.</summary>
    public static IReadOnlyList<BackboneArchitecture> Architectures => [.. Known.Values.OrderBy(known => known.Name, StringComparer.Ordinal)];

    /// <summary>The names of the architectures that have a stream, sorted.</summary>
    /// <exception cref="UserException">None has it.</exception>
    public static IReadOnlyList<string> Names(string stream)
    {
        string[] names = Sorted(Known.Values.Where(known => known.Streams.Contains(stream)).Select(known => known.Name));
        return names.Length > 0
            ? names
            : throw new UserException($"No backbone has a stream {stream}; there are {string.Join(", ", Sorted(Known.Values.SelectMany(known => known.Streams).Distinct()))}.");
    }

    /// <summary>Adds an architecture of another assembly, before any is opened: other threads must not read meanwhile.</summary>
    /// <exception cref="UserException">The name is taken.</exception>
    public static void Register(BackboneArchitecture architecture)
    {
        if (!Known.TryAdd(architecture.Name, architecture))
        {
            throw new UserException($"The backbone {architecture.Name} is registered already; give the other one another name.");
        }
    }

    /// <summary>Opens a checkpoint as a backbone of the named architecture.</summary>
    /// <param name="name">The architecture.</param>
    /// <param name="weights">The checkpoint, as <see cref="TensorFile.Open"/> takes it; every tensor in it must belong to the architecture. Null for one without weights.</param>
    /// <param name="trainable">Whether the backbone's own weights train.</param>
    /// <param name="device"><c>cpu</c> or <c>cuda:N</c>.</param>
    /// <param name="followsTraining">See <see cref="WeightStore.FollowsTraining"/>.</param>
    /// <returns>The caller frees its <see cref="Backbone.Store"/>.</returns>
    /// <exception cref="UserException">The name is unknown, or the checkpoint is missing, broken or another network's.</exception>
    public static Backbone Open(string name, string? weights, bool trainable = false, Device? device = null, bool followsTraining = false)
    {
        BackboneArchitecture architecture = Get(name);
        if (weights is null)
        {
            return architecture.NeedsWeights
                ? throw new UserException($"The backbone {name} was given no weights; it needs some.")
                : architecture.Build(Weights.Fresh(0, device, trainable));
        }

        Weights opened = Weights.Open(weights, trainable, device);
        opened.Store.FollowsTraining = followsTraining;
        try
        {
            Backbone backbone = architecture.Build(opened);
            opened.Store.EnsureAllUsed();
            return backbone;
        }
        catch (UserException error) when (error is not TensorMemoryException)
        {
            opened.Store.Dispose();
            CheckpointFit fit = CheckpointFit.Of(weights, place => architecture.Build(place));
            if (fit.Fits)
            {
                throw;
            }

            string looks = CheckpointKind.Describe(fit.Names) is { } kind ? $"; it looks like {kind}" : "";
            throw new UserException($"{fit.Describe(name)}{looks}.", error);
        }
        catch
        {
            opened.Store.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is an architecture of that name.</summary>
    internal static bool Knows(string name) => Known.ContainsKey(name);

    /// <summary>Whether the named architecture has weights; an unknown one is taken to.</summary>
    public static bool NeedsWeights(string name) => !Known.TryGetValue(name, out BackboneArchitecture? architecture) || architecture.NeedsWeights;

    /// <summary>Whether the named architecture reads text by a tokenizer of its own.</summary>
    /// <exception cref="UserException">The name is unknown.</exception>
    public static bool HasTokenizer(string name) => Get(name).OpenTokenizer is not null;

    /// <summary>Opens a vocabulary as the named architecture's tokenizer.</summary>
    /// <param name="name">The architecture.</param>
    /// <param name="vocabulary">A file or a folder.</param>
    /// <exception cref="UserException">The name is unknown or reads no text, or the vocabulary is broken or of another kind.</exception>
    public static Tokenizer OpenTokenizer(string name, string vocabulary) => Get(name).OpenTokenizer is { } open
        ? open(vocabulary)
        : throw new UserException($"The backbone {name} has no tokenizer; {string.Join(", ", Sorted(Known.Values.Where(known => known.OpenTokenizer is not null).Select(known => known.Name)))} have one.");

    private static BackboneArchitecture Get(string name) => Known.TryGetValue(name, out BackboneArchitecture? architecture)
        ? architecture
        : throw new UserException($"There is no backbone {name}; known are {string.Join(", ", Sorted(Known.Keys))}.");

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}

/// <summary>A kind of backbone that recipes can name.</summary>
/// <param name="Name">Unique, such as <c>mobilenet_v2</c>.</param>
/// <param name="Streams">What it gives, such as <see cref="BackboneStream.Image"/>.</param>
/// <param name="Build">Builds it from its checkpoint.</param>
/// <param name="OpenTokenizer">Opens its tokenizer from a vocabulary, a file or a folder; null for one that reads no text.</param>
public sealed record BackboneArchitecture(
    string Name, IReadOnlyList<string> Streams, Func<Weights, Backbone> Build, Func<string, Tokenizer>? OpenTokenizer = null)
{
    /// <summary>Whether there are pretrained weights of it, so that a recipe must name some.</summary>
    public bool NeedsWeights { get; init; } = true;
}
