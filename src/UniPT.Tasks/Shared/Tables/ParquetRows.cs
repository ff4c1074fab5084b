using System.Collections;
using System.Globalization;
using Parquet.Serialization;

namespace UniPT.Tasks.Shared.Tables;

/// <summary>Entries of a Parquet file.</summary>
internal static class ParquetRows
{
    /// <summary>Reads all of them or none.</summary>
    /// <returns>What the file is instead, or null.</returns>
    public static string? Read(string path, byte[] bytes, List<TableRow> rows, List<(string Place, string Problem)> errors)
    {
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            int number = 1;
            foreach (Dictionary<string, object> row in ParquetSerializer.DeserializeUntypedAsync(stream).GetAwaiter().GetResult().Data)
            {
                rows.Add(TableRow.Of($"{path}, row {number++}", [.. row.Select(part => KeyValuePair.Create(part.Key, Value(part.Value)))]));
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever the library meets in a damaged file it throws as it comes.
            rows.Clear();
            errors.Add((path, "is not a Parquet file that can be read: it is damaged, cut off or of an unknown kind"));
        }

        return null;
    }

    private static object? Value(object? value) => value switch
    {
        string text => text,
        ReadOnlyMemory<char> text => text.ToString(),
        bool truth => truth,
        sbyte or byte or short or ushort or int or uint or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        float or double or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        IDictionary<string, object> parts => parts.Select(part => KeyValuePair.Create(part.Key, Value(part.Value))).ToArray(),
        byte[] => null,
        IEnumerable items => Texts(items.Cast<object?>().Select(Value).ToArray()),
        _ => null,
    };

    private static string[]? Texts(object?[] items) => items.All(item => item is string) ? [.. items.Cast<string>()] : null;
}
