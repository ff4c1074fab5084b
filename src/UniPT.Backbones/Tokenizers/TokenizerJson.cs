using System.Text.Json;

namespace UniPT.Backbones.Tokenizers;

/// <summary>Hugging Face's <c>tokenizer.json</c>: its vocabulary, and the settings that a tokenizer here must know.</summary>
internal sealed class TokenizerJson
{
    private readonly string _path;
    private readonly JsonElement _root;

    private TokenizerJson(string path, JsonElement root) => (_path, _root) = (path, root);

    /// <summary>Whether a JSON object is such a file and not a bare vocabulary.</summary>
    internal static bool Is(JsonElement root) => root.TryGetProperty("model", out JsonElement model) && model.ValueKind == JsonValueKind.Object;

    /// <summary>Takes an object whose model is of a kind.</summary>
    /// <exception cref="UserException">It is of another.</exception>
    internal static TokenizerJson Open(JsonElement root, string path, string kind, string backbone)
    {
        var json = new TokenizerJson(path, root);
        json.Require("model.type", kind, backbone, mayLack: kind == "BPE" && json.At("model.merges") is not null);
        return json;
    }

    /// <summary>The pieces' ids.</summary>
    /// <exception cref="UserException">They are missing or broken.</exception>
    internal Dictionary<string, int> Ids() => VocabularyFile.Ids(
        At("model.vocab") ?? throw new UserException($"{_path} has no model.vocab."), _path);

    /// <summary>The pairs that are merged, best first, each <c>left right</c>.</summary>
    /// <exception cref="UserException">They are missing or broken.</exception>
    internal string[] Merges()
    {
        if (At("model.merges") is not { ValueKind: JsonValueKind.Array } merges)
        {
            throw new UserException($"{_path} has no list model.merges.");
        }

        try
        {
            // Older files write "a b", newer ones ["a", "b"].
            return [.. merges.EnumerateArray().Select(merge => merge.ValueKind == JsonValueKind.Array
                ? string.Join(' ', merge.EnumerateArray().Select(part => part.GetString()))
                : merge.GetString() ?? "")];
        }
        catch (InvalidOperationException error)
        {
            throw new UserException($"In {_path} every entry of model.merges must be two pieces of text.", error);
        }
    }

    /// <summary>Demands a setting of one value.</summary>
    /// <exception cref="UserException">It has another.</exception>
    internal void Require(string setting, string value, string backbone, bool mayLack = false)
    {
        string found = At(setting) is { } element && element.ValueKind != JsonValueKind.Null ? element.ToString() : "";
        if (found != value && !(mayLack && found.Length == 0))
        {
            throw new UserException(
                $"{_path} is a tokenizer whose {setting} is {(found.Length == 0 ? "missing" : found)}; {backbone} is trained with {value}, and ids of another would mean nothing to it.");
        }
    }

    /// <summary>A setting that is true or false; null where it is neither.</summary>
    internal bool? Flag(string setting) => At(setting)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private JsonElement? At(string setting)
    {
        JsonElement element = _root;
        foreach (string key in setting.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element))
            {
                return null;
            }
        }

        return element;
    }
}
