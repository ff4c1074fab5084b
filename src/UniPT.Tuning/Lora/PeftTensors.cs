using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.Lora;

/// <summary>What every tensor of an adapter of PEFT is to a backbone; none is left out in silence.</summary>
internal sealed class PeftTensors
{
    private const string Start = "base_model.model.";
    private readonly PeftConfig _config;
    private readonly PeftNames _names;
    private readonly SafetensorsFile _file;
    private readonly Backbone _backbone;
    private readonly Dictionary<string, List<string>> _problems = [];

    internal PeftTensors(PeftConfig config, SafetensorsFile file, Backbone backbone)
    {
        (_config, _file, _backbone, _names) = (config, file, backbone, PeftNames.Of(backbone));
        var pairs = new SortedDictionary<string, (bool A, bool B)>(StringComparer.Ordinal);
        foreach (string name in file.Entries.Keys.Order(StringComparer.Ordinal))
        {
            Sort(name, pairs);
        }

        foreach ((string place, (bool a, bool b)) in pairs)
        {
            AddUpdate(place, a, b);
        }

        Total = pairs.Count;
    }

    /// <summary>The updates: their place in the file, the maps (several are the parts of one), rank and scale.</summary>
    internal List<(string Place, IReadOnlyList<LinearMap> Maps, int Rank, double Scale)> Updates { get; } = [];

    /// <summary>How many linear maps the file updates in all.</summary>
    internal int Total { get; }

    /// <summary>Tensors in the file that take the place of the backbone's, by the store's names.</summary>
    internal Dictionary<string, string> Replaced { get; } = [];

    /// <summary>Tensors in the file of modules that the backbone has not, such as a classifier, by their names in the model that was trained.</summary>
    internal Dictionary<string, string> Heads { get; } = [];

    /// <summary>Tensors of the other tower of CLIP, by their names in the model that was trained.</summary>
    internal List<string> Elsewhere { get; } = [];

    /// <summary>What cannot be taken, each as a clause with its reason.</summary>
    internal IEnumerable<string> Problems => _config.Refusals().Concat(_problems.Select(pair => pair.Value is [{ } only]
        ? $"{only} {pair.Key}"
        : $"{pair.Value[0]} {pair.Key} (as {pair.Value.Count} in all)"));

    private void Sort(string name, SortedDictionary<string, (bool A, bool B)> pairs)
    {
        if (!name.StartsWith(Start, StringComparison.Ordinal))
        {
            Refuse("is no name that PEFT gives, which start with base_model.model.", name);
        }
        else if (EndsWith(name, ".lora_A.weight") is { } ofA)
        {
            pairs[ofA] = (true, pairs.GetValueOrDefault(ofA).B);
        }
        else if (EndsWith(name, ".lora_B.weight") is { } ofB)
        {
            pairs[ofB] = (pairs.GetValueOrDefault(ofB).A, true);
        }
        else if (name.Contains(".lora_embedding_", StringComparison.Ordinal))
        {
            Refuse("updates an embedding, and only linear maps are updated here", name);
        }
        else if (name.Contains(".lora_magnitude_vector", StringComparison.Ordinal))
        {
            Refuse("is a magnitude of DoRA, which is not known here", name);
        }
        else if (name.Contains(".lora_", StringComparison.Ordinal))
        {
            Refuse("is a part of an update that is not known here", name);
        }
        else
        {
            AddWhole(name, Clean(name));
        }
    }

    private void AddUpdate(string place, bool a, bool b)
    {
        string module = Clean(place);
        (int rank, double scale) = _config.Of(module);
        if (_names.IsOfOtherTower(module))
        {
            Elsewhere.Add(module);
        }
        else if (!_names.Maps.TryGetValue(module, out IReadOnlyList<LinearMap>? maps))
        {
            Refuse($"is no linear map of {_backbone.Name} that can be updated", module);
        }
        else if (!a || !b)
        {
            Refuse("has only one of lora_A and lora_B", module);
        }
        else if (Updates.Any(update => update.Maps[0] == maps[0]) || Replaced.ContainsKey(maps[0].WeightName))
        {
            Refuse("is changed twice, by another update or as a whole", module);
        }
        else if (HasShape($"{place}.lora_A.weight", rank, maps[0].Input) && HasShape($"{place}.lora_B.weight", maps.Sum(map => map.Output), rank))
        {
            Updates.Add((place, maps, rank, scale));
        }
    }

    private void AddWhole(string name, string tensor)
    {
        if (_names.IsOfOtherTower(tensor))
        {
            Elsewhere.Add(tensor);
        }
        else if (tensor.EndsWith(".bias", StringComparison.Ordinal) && !_config.Saves(tensor))
        {
            Refuse("is a bias that was trained with LoRA, and only linear maps' weights are updated here", tensor);
        }
        else if (_names.Parameters.TryGetValue(tensor, out string? parameter))
        {
            if (HasShape(name, _backbone.Store.Parameters[parameter].shape))
            {
                Replaced.Add(parameter, name);
            }
        }
        else if (_names.IsOwn(tensor) || !_config.Saves(tensor))
        {
            Refuse(_names.IsOwn(tensor) ? $"is no tensor that {_backbone.Name} can take" : "belongs neither to LoRA nor to modules_to_save", tensor);
        }
        else
        {
            Heads.Add(tensor, name);
        }
    }

    private bool HasShape(string name, params long[] expected)
    {
        long[] shape = _file.Entries[name].Shape;
        bool same = shape.AsSpan().SequenceEqual(expected);
        if (!same)
        {
            Refuse("does not have the shape that this backbone and the configured rank need", $"{name} [{string.Join(", ", shape)}], expected [{string.Join(", ", expected)}],");
        }

        return same;
    }

    private void Refuse(string reason, string name)
    {
        if (!_problems.TryGetValue(reason, out List<string>? names))
        {
            _problems.Add(reason, names = []);
        }

        names.Add(name);
    }

    /// <summary>The name in the model that was trained, without what PEFT puts before and between.</summary>
    private static string Clean(string name) => (name.StartsWith(Start, StringComparison.Ordinal) ? name[Start.Length..] : name)
        .Replace(".base_layer", "", StringComparison.Ordinal).Replace(".modules_to_save", "", StringComparison.Ordinal);

    private static string? EndsWith(string name, string end) => name.EndsWith(end, StringComparison.Ordinal) ? name[..^end.Length] : null;
}
