using System.Text.Json.Nodes;

namespace UniPT.Training.Runs;

/// <summary>Results of versions that knew one task, image–text retrieval, and had the sizes of its inputs as fields of their own.</summary>
internal static class FormerResults
{
    private static readonly (string Field, string Name, string Unit)[] Sizes =
        [("image_size", "Image size", "px"), ("longest_caption", "Longest caption", "tokens")];

    /// <summary>Brings the figures of a run, or of several, into today's form; what is in it already, or is something else, stays as it is.</summary>
    internal static void Translate(JsonNode? root)
    {
        switch (root)
        {
            case JsonArray several:
                foreach (JsonNode? one in several)
                {
                    Translate(one);
                }

                break;
            case JsonObject result when result["conditions"] is JsonObject conditions && conditions.ContainsKey(Sizes[0].Field):
                result.TryAdd("task", "retrieval");
                conditions.TryAdd("inputs", new JsonObject(Sizes.Select(size =>
                    KeyValuePair.Create(size.Name, (JsonNode?)$"{conditions[size.Field]} {size.Unit}"))));
                break;
        }
    }
}
