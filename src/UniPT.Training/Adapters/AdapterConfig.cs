using System.Text.Json;
using System.Text.Json.Serialization;
using UniPT.Training.Recipes;
using UniPT.Tuning.Lora;

namespace UniPT.Training.Adapters;

/// <summary>What <c>adapter_config.json</c> says.</summary>
public sealed record AdapterConfig
{
    /// <summary>The only format so far.</summary>
    public const string CurrentFormat = "unipt-adapter-1";

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

    /// <summary>The task, so far <c>retrieval</c>.</summary>
    public required string Task { get; init; }

    /// <summary>The tuning method's name.</summary>
    public required string PeftType { get; init; }

    /// <summary>SHA-256 of the image backbone's weights.</summary>
    public required string ImageBackboneFingerprint { get; init; }

    /// <summary>SHA-256 of the text backbone's weights.</summary>
    public required string TextBackboneFingerprint { get; init; }

    /// <summary>SHA-256 of <c>adapter_model.safetensors</c>.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>How pictures are prepared.</summary>
    public required PreprocessingConfig Preprocessing { get; init; }

    /// <summary>The resolved recipe, from which the model is built.</summary>
    public required string Recipe { get; init; }

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
            AdapterConfig config = JsonSerializer.Deserialize<AdapterConfig>(text, Json) ?? throw new JsonException("it is null");
            return config.Format == CurrentFormat
                ? config
                : throw new UserException($"{file} has the format {config.Format}; this version reads {CurrentFormat}.");
        }
        catch (JsonException) when (PeftConfig.Recognises(text))
        {
            throw new UserException(
                $"{file} is that of an adapter of Hugging Face's PEFT, which belongs to a backbone alone; put it into the backbone's weights with unipt merge and name the file that it writes in a recipe.");
        }
        catch (JsonException error)
        {
            throw new UserException($"{file} is not an adapter's configuration: {error.Message}", error);
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
