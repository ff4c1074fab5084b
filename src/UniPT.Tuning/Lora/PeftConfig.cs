using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace UniPT.Tuning.Lora;

/// <summary>
/// What <c>adapter_config.json</c> of Hugging Face's PEFT says about LoRA, with PEFT's defaults for what it leaves out
/// (https://huggingface.co/docs/peft/developer_guides/checkpoint; keys of <c>LoraConfig</c>, version 0.18).
/// </summary>
public sealed record PeftConfig
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What is not taken where it is set, and why.</summary>
    private static readonly (string Key, string Why)[] NotTaken =
    [
        ("use_dora", "DoRA's magnitudes are not known here"),
        ("lora_bias", "updates with a bias of their own are not known here"),
        ("layer_replication", "layers cannot be repeated"),
        ("trainable_token_indices", "vectors of single tokens are not taken"),
        ("target_parameters", "only linear maps are updated"),
        ("megatron_config", "the layers of Megatron are not known here"),
        ("alora_invocation_tokens", "updates that act behind certain tokens are not known here"),
        ("arrow_config", "updates that are routed between are not known here"),
    ];

    /// <summary>The kind of adapter: <c>LORA</c>.</summary>
    public string PeftType { get; init; } = "";

    /// <summary>The model that it was trained on, as its author called it; null where nothing is said.</summary>
    public string? BaseModelNameOrPath { get; init; }

    /// <summary>The rank r of every update that <see cref="RankPattern"/> does not name.</summary>
    [JsonPropertyName("r")]
    public int Rank { get; init; } = 8;

    /// <summary>α of every update that <see cref="AlphaPattern"/> does not name.</summary>
    public double LoraAlpha { get; init; } = 8;

    /// <summary>Share of an update's inputs that are left out at random in training.</summary>
    public double LoraDropout { get; init; }

    /// <summary>Whether updates are multiplied by α/√r (Kalajdzievski, arXiv 2312.03732) instead of α/r.</summary>
    [JsonPropertyName("use_rslora")]
    public bool UseRsLora { get; init; }

    /// <summary>Other ranks, by module: regular expressions for the end of a module's name, of which the first that fits counts.</summary>
    public IReadOnlyDictionary<string, int>? RankPattern { get; init; }

    /// <summary>Other α, by module, in the same way.</summary>
    public IReadOnlyDictionary<string, double>? AlphaPattern { get; init; }

    /// <summary>Modules that were trained whole and are in the file, by the end of their names.</summary>
    public IReadOnlyList<string>? ModulesToSave { get; init; }

    /// <summary>How the updates began: true, false or a name. Some names say that the model's own weights were changed for it.</summary>
    public JsonElement InitLoraWeights { get; init; }

    /// <summary>All other keys.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Others { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Whether a text is PEFT's configuration and not this library's, whose file has the same name and says its format.</summary>
    public static bool Recognises(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("peft_type", out _) && !root.TryGetProperty("format", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads a folder's <c>adapter_config.json</c>.</summary>
    /// <exception cref="UserException">There is none, it is not PEFT's, it is of another kind of adapter, or a number in it makes no sense.</exception>
    public static PeftConfig Read(string folder)
    {
        string file = Path.Combine(folder, "adapter_config.json");
        string text = TextFile.Read(file, "the configuration of an adapter of PEFT");
        if (!Recognises(text))
        {
            throw new UserException($"{file} is not the configuration of an adapter of Hugging Face's PEFT, which has a peft_type and no format.");
        }

        try
        {
            PeftConfig config = JsonSerializer.Deserialize<PeftConfig>(text, Json)!;
            config.Check(file);
            return config;
        }
        catch (JsonException error)
        {
            throw new UserException($"{file} is not a configuration that PEFT writes for LoRA: {error.Message}", error);
        }
    }

    /// <summary>Rank and scale of one module's update.</summary>
    /// <param name="module">The module's name in the model that was trained.</param>
    internal (int Rank, double Scale) Of(string module)
    {
        int rank = Find(RankPattern, module, Rank);
        double alpha = Find(AlphaPattern, module, LoraAlpha);
        return (rank, alpha / (UseRsLora ? Math.Sqrt(rank) : rank));
    }

    /// <summary>Whether a tensor belongs to one of <see cref="ModulesToSave"/>.</summary>
    /// <param name="tensor">Its name in the model that was trained.</param>
    internal bool Saves(string tensor) => ModulesToSave?.Any(module => $".{tensor}".Contains($".{module}.", StringComparison.Ordinal)) ?? false;

    /// <summary>What is set that cannot be taken, each with its reason.</summary>
    internal IEnumerable<string> Refusals()
    {
        foreach ((string key, string why) in NotTaken.Where(pair => IsSet(pair.Key)))
        {
            yield return $"{key} is set, but {why}";
        }

        foreach (string key in Others.Keys.Where(key => key.StartsWith("use_", StringComparison.Ordinal) && IsSet(key) && !NotTaken.Any(pair => pair.Key == key)))
        {
            yield return $"{key} is set, which is not known here";
        }

        if (InitLoraWeights is { ValueKind: JsonValueKind.String } init && init.GetString() is not ("gaussian" or "eva" or "orthogonal"))
        {
            yield return $"init_lora_weights is {init.GetString()}, for which the model's own weights were changed, and the changed ones are not here; save it with path_initial_model_for_weight_conversion";
        }
    }

    private static T Find<T>(IReadOnlyDictionary<string, T>? patterns, string module, T otherwise)
    {
        foreach ((string pattern, T value) in patterns ?? new Dictionary<string, T>())
        {
            if (Pattern(pattern).IsMatch(module))
            {
                return value;
            }
        }

        return otherwise;
    }

    // As PEFT matches them: the whole name, or the end of it behind a dot. The file is untrusted, and without backtracking no pattern runs for long.
    private static Regex Pattern(string pattern) => new($@"^(.*\.)?({pattern})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private void Check(string file)
    {
        Require("peft_type", PeftType, PeftType == "LORA", "LORA");
        Require("r", Rank, IsRank(Rank), "a number from 1 to 65536");
        Require("lora_alpha", LoraAlpha, double.IsFinite(LoraAlpha), "a number");
        Require("lora_dropout", LoraDropout, LoraDropout is >= 0 and < 1, "a number from 0 to 1");
        foreach ((string pattern, int rank) in RankPattern ?? new Dictionary<string, int>())
        {
            Require($"rank_pattern of {pattern}", rank, IsRank(rank), "a number from 1 to 65536");
        }

        foreach (string pattern in (RankPattern?.Keys ?? []).Concat(AlphaPattern?.Keys ?? []))
        {
            try
            {
                _ = Pattern(pattern);
            }
            catch (Exception error) when (error is RegexParseException or NotSupportedException)
            {
                throw new UserException($"{file}: the pattern {pattern} is no regular expression that can be used: {error.Message}", error);
            }
        }

        static bool IsRank(int rank) => rank is >= 1 and <= 65536;

        void Require(string key, object found, bool holds, string expected)
        {
            if (!holds)
            {
                throw new UserException(string.Create(CultureInfo.InvariantCulture, $"{file}: {key} is {found}; expected {expected}."));
            }
        }
    }

    private bool IsSet(string key) => Others.TryGetValue(key, out JsonElement value) && value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        JsonValueKind.Null or JsonValueKind.False => false,
        _ => true,
    };
}
