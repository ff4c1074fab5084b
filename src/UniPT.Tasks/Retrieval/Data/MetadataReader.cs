using System.Text.Json;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Captions in <c>metadata.jsonl</c>, an image a line.</summary>
internal sealed class MetadataReader(DataSetFiles files, string folder, DataSetProblems problems)
    : CaptionReader(files, folder, problems)
{
    public const string FileName = "metadata.jsonl";

    private readonly Dictionary<string, string> _placeOfImage = [];

    protected override IReadOnlyList<CaptionedImage> Read()
    {
        if (Files.FindProblem(Folder + FileName) is { } problem)
        {
            Problems.Add(Folder + FileName, problem);
            return [];
        }

        var images = new List<CaptionedImage>();
        foreach ((string place, string text) in ReadLines(FileName).Where(line => line.Text.Length > 0))
        {
            try
            {
                using JsonDocument line = JsonDocument.Parse(text);
                if (ReadImage(place, line.RootElement) is { } image)
                {
                    images.Add(image);
                }
            }
            catch (JsonException error)
            {
                Problems.Add(place, $"is not valid JSON (byte {error.BytePositionInLine + 1})");
            }
            catch (InvalidOperationException)
            {
                Problems.Add(place, "has a string that is not valid Unicode");
            }
        }

        foreach (string name in FindNames(IsImage).Where(name => !_placeOfImage.ContainsKey(name)))
        {
            Problems.Add(Folder + name, $"has no caption: {Folder}{FileName} does not name it");
        }

        return images;
    }

    private CaptionedImage? ReadImage(string place, JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            Problems.Add(place, $"is not a JSON object but {line.ValueKind}");
            return null;
        }

        string? name = ReadName(place, line);
        List<string> captions = CheckCaptions(ReadCaptions(place, line).Select(caption => (place, caption)));
        return name is null || captions.Count == 0 ? null : new CaptionedImage(name, captions);
    }

    /// <summary>The image's name with forward slashes and no dots; null after a problem.</summary>
    private string? ReadName(string place, JsonElement line)
    {
        if (!line.TryGetProperty("file_name", out JsonElement value) || value.ValueKind != JsonValueKind.String)
        {
            Problems.Add(place, "has no file_name (a string)");
            return null;
        }

        string given = value.GetString()!;
        string[] parts = given.Split('/', '\\');
        if (parts[0].Length == 0 || parts.Contains(".."))
        {
            Problems.Add(place, $"file_name \"{given}\" does not stay below its folder");
            return null;
        }

        string name = string.Join('/', parts.Where(part => part is not ("" or ".")));
        if (!_placeOfImage.TryAdd(name, place))
        {
            Problems.Add(place, $"image {name} occurs twice, first in {_placeOfImage[name]}");
            return null;
        }

        if (Files.FindProblem(Folder + name) is { } problem)
        {
            Problems.Add(place, $"image {name} {problem}");
            return null;
        }

        return name;
    }

    private IEnumerable<string> ReadCaptions(string place, JsonElement line)
    {
        if (line.TryGetProperty("captions", out JsonElement captions))
        {
            if (captions.ValueKind != JsonValueKind.Array || captions.GetArrayLength() == 0
                || captions.EnumerateArray().Any(caption => caption.ValueKind != JsonValueKind.String))
            {
                Problems.Add(place, "captions is not a list of one or more strings");
                return [];
            }

            return captions.EnumerateArray().Select(caption => caption.GetString()!);
        }

        if (line.TryGetProperty("text", out JsonElement text) && text.ValueKind == JsonValueKind.String)
        {
            return [text.GetString()!];
        }

        Problems.Add(place, "has neither captions (a list of strings) nor text (a string)");
        return [];
    }
}
