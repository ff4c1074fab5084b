using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using UniPT.Training.Recipes;
using UniPT.Tuning.Lora;

namespace UniPT.Training.Adapters;

/// <summary>What <c>adapter_config.json</c> says.</summary>
public sealed record AdapterConfig
{
    /// <summary>The format that is written; that of earlier versions is read too.</summary>
    public const string CurrentFormat = "unipt-adapter-2";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Version of the folder's layout.</summary>
    public required string Format { get; init; }

    /// <summary>The library that wrote it.</summary>
    public required string Library { get; init; }

    /// <summary>The task's name.</summary>
    public required string Task { get; init; }

    /// <summary>The tuning method's name.</summary>
    public required string PeftType { get; init; }

    /// <summary>SHA-256 of each backbone's weights, by the task's names for the backbones.</summary>
    public required IReadOnlyDictionary<string, string> Backbones { get; init; }

    /// <summary>SHA-256 of <c>adapter_model.safetensors</c>.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>How raw inputs are prepared, by name.</summary>
    public required IReadOnlyDictionary<string, string> Preprocessing { get; init; }

    /// <summary>What the task keeps beside weights and options, such as the labels of classes.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Content { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The resolved recipe, from which the model is built.</summary>
    public required string Recipe { get; init; }

    /// <summary>The preprocessing as the model file repeats it, so that the configuration cannot be changed alone.</summary>
    [JsonIgnore]
    internal string PreprocessingText => FormerAdapters.PreprocessingText(this) ?? string.Join("; ", Preprocessing.Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>Reads an adapter folder's configuration.</summary>
    /// <exception cref="UserException">There is none, or it is not such a configuration.</exception>
    public static AdapterConfig Read(string folder)
    {
        string file = FileIn(folder);
        return Parse(TextFile.Read(file, "an adapter's configuration"), file);
    }

    /// <summary>Parses a file's text.</summary>
    /// <exception cref="UserException">It is not such a configuration.</exception>
    public static AdapterConfig Parse(string text, string file)
    {
        try
        {
            JsonNode root = JsonNode.Parse(text) ?? throw new JsonException("it is null");
            FormerAdapters.Translate(root);
            AdapterConfig config = root.Deserialize<AdapterConfig>(Json)!;
            return config.Format is CurrentFormat or FormerAdapters.Format
                ? config
                : throw new UserException($"{file} has the format {config.Format}; this version reads {CurrentFormat}.");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw PeftConfig.Recognises(text)
                ? new UserException(
                    $"{file} is that of an adapter of Hugging Face's PEFT, which belongs to a backbone alone; put it into the backbone's weights with unipt merge and name the file that it writes in a recipe.")
                : new UserException($"{file} is not an adapter's configuration: {error.Message}", error);
        }
    }

    /// <summary>The recipe, of this or an earlier version; what it names may be elsewhere here.</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <exception cref="UserException">It is not a recipe.</exception>
    public Recipe ReadRecipe(string folder) =>
        RecipeReader.Parse(Recipe, FileIn(folder), folder, Catalog.Recipes, [], requireFiles: false).Settle();

    /// <summary>The file's text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>Where a folder has it.</summary>
    internal static string FileIn(string folder) => Path.Combine(folder, "adapter_config.json");
}
