using System.Globalization;
using System.Text.Json;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>
/// Further right answers for COCO's test pictures and captions, from people's judgements: Crisscrossed Captions (Parekh et al., EACL 2021), in the files that VSE∞ made of
/// them (<c>cxc_it.json</c>, <c>cxc_i2i.json</c>, <c>cxc_t2t.json</c>): from an id to a list of ids with scores. Right are all of the first file, and of the others those
/// with scores from 2.5 for pictures and 3.0 for captions on, with the other captions of the same picture.
/// </summary>
internal sealed class Crisscrossed
{
    private const string Between = "cxc_it.json";
    private const string Pictures = "cxc_i2i.json";
    private const string Texts = "cxc_t2t.json";
    private const double LeastForPictures = 2.5;
    private const double LeastForTexts = 3.0;

    /// <summary>For each picture the captions that are right; null where captions have no ids.</summary>
    internal int[][]? ImageToText { get; init; }

    /// <summary>For each caption the pictures.</summary>
    internal int[][]? TextToImage { get; init; }

    /// <summary>For each picture other pictures; there may be none.</summary>
    internal int[][]? ImageToImage { get; init; }

    /// <summary>For each caption other captions.</summary>
    internal int[][]? TextToText { get; init; }

    /// <summary>What is not measured, in a sentence; null where everything is.</summary>
    internal string? Notice => TextToText is null && ImageToText is null
        ? "Crisscrossed Captions are measured from picture to picture only: testall_capids.txt, the ids of the captions, does not exist."
        : null;

    /// <summary>Reads the files of a data set, noting every problem; null where there are none, or the split is not COCO's.</summary>
    /// <param name="files">Where they may be.</param>
    /// <param name="test">The split that they are about.</param>
    /// <param name="problems">Gets every problem.</param>
    internal static Crisscrossed? Find(DataSetFiles files, ImageCaptionSplit test, DataSetProblems problems)
    {
        string?[] names =
        [
            .. new[] { Between, Pictures, Texts }.Select(name =>
                files.Sizes.Keys.Where(path => path == name || path.EndsWith($"/{name}", StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault()),
        ];
        if (names.All(name => name is null) || test.Images.Count == 0 || test.Images.Any(image => image.Id is null))
        {
            return null;
        }

        string[] images = [.. test.Images.Select(image => image.Id!)];
        string[]? captions = test.Images.All(image => image.CaptionIds is not null) ? [.. test.Images.SelectMany(image => image.CaptionIds!)] : null;
        using JsonDocument? between = captions is null ? null : Document(files, names[0], problems);
        using JsonDocument? pictures = Document(files, names[1], problems);
        using JsonDocument? texts = captions is null ? null : Document(files, names[2], problems);
        int[][]? similar = texts is null ? null : Answers(texts.RootElement, names[2]!, captions!, captions!, LeastForTexts, problems);
        return new Crisscrossed
        {
            ImageToText = Part("i2t") is { } fromImages ? Answers(fromImages, names[0]!, images, captions!, null, problems) : null,
            TextToImage = Part("t2i") is { } fromTexts ? Answers(fromTexts, names[0]!, captions!, images, null, problems) : null,
            ImageToImage = pictures is null ? null : Answers(pictures.RootElement, names[1]!, images, images, LeastForPictures, problems),
            TextToText = similar is null ? null : WithSiblings(similar, test),
        };

        JsonElement? Part(string key)
        {
            if (between is null || between.RootElement.TryGetProperty(key, out JsonElement part))
            {
                return between?.RootElement.GetProperty(key);
            }

            problems.Add(names[0]!, $"has no {key}");
            return null;
        }
    }

    private static JsonDocument? Document(DataSetFiles files, string? name, DataSetProblems problems)
    {
        if (name is null)
        {
            return null;
        }

        if (files.FindProblem(name) is { } problem)
        {
            problems.Add(name, problem);
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(files.Read(name));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            problems.Add(name, "is not a JSON object of ids");
        }
        catch (JsonException error)
        {
            problems.Add($"{name}:{error.LineNumber + 1}", $"is not valid JSON (byte {error.BytePositionInLine + 1})");
        }

        return null;
    }

    /// <summary>The places of the right answers of each query; those that are not in the split are left out.</summary>
    private static int[][] Answers(JsonElement of, string file, string[] queries, string[] candidates, double? least, DataSetProblems problems)
    {
        if (of.ValueKind != JsonValueKind.Object)
        {
            problems.Add(file, $"is a {of.ValueKind} where ids were expected");
            return [];
        }

        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((int place, string id) in candidates.Index())
        {
            places.TryAdd(id, place);
        }

        return [.. queries.Select(query =>
        {
            if (!of.TryGetProperty(query, out JsonElement pairs) || pairs.ValueKind != JsonValueKind.Array)
            {
                problems.Add(file, $"has no entry for the id {query}", $"ids that {file} has no entry for");
                return [];
            }

            return pairs.EnumerateArray()
                .Where(pair => IsPair(pair) && (least is null || pair[1].GetDouble() >= least))
                .Select(pair => places.GetValueOrDefault(IdOf(pair[0]), -1)).Where(place => place >= 0).Distinct().ToArray();
        })];

        static bool IsPair(JsonElement pair) => pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
            && pair[0].ValueKind is JsonValueKind.Number or JsonValueKind.String && pair[1].ValueKind == JsonValueKind.Number;

        static string IdOf(JsonElement id) => id.ValueKind == JsonValueKind.String ? id.GetRawText().Trim('"')
            : id.TryGetInt64(out long number) ? number.ToString(CultureInfo.InvariantCulture)
            : "";
    }

    private static int[][] WithSiblings(int[][] similar, ImageCaptionSplit test)
    {
        int first = 0;
        foreach (CaptionedImage image in test.Images)
        {
            int[] own = [.. Enumerable.Range(first, image.Captions.Count)];
            foreach (int caption in own.Where(caption => caption < similar.Length))
            {
                similar[caption] = [.. similar[caption].Union(own).Where(other => other != caption)];
            }

            first += own.Length;
        }

        return similar;
    }
}
