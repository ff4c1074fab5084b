using System.Globalization;

namespace UniPT.Training.Recipes.Binding;

/// <summary>Single values as text: read, written, and described for messages and the reference.</summary>
internal static class OptionText
{
    private const int LongestShown = 80;

    /// <summary>The value that <paramref name="text"/> spells; null for none of the type within the range.</summary>
    internal static object? Parse(string text, Type type, OptionRangeAttribute? range)
    {
        object? value = type switch
        {
            _ when type == typeof(string) => text,
            _ when type == typeof(bool) => text switch { "true" => true, "false" => false, _ => null },
            _ when type == typeof(int) =>
                int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int i) ? i : null,
            _ when type == typeof(long) =>
                long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long l) ? l : null,
            _ when type == typeof(double) =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double d)
                    && double.IsFinite(d) ? d : null,
            _ when type.IsEnum => Enum.GetValues(type).Cast<object>().FirstOrDefault(member => Format(member) == text),
            _ => throw new NotSupportedException($"Options of type {type} are not supported."),
        };
        return value is not null && (range is null || Contains(range, value)) ? value : null;
    }

    /// <summary>The text that <see cref="Parse"/> reads back to <paramref name="value"/>.</summary>
    internal static string Format(object value) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        Enum member => OptionName.Of(member.ToString()),
        double number => number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"Options of type {value.GetType()} are not supported."),
    };

    /// <summary>Text that was given, on one line of a message.</summary>
    internal static string Show(string text)
    {
        string line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length == 0 ? "empty" : line.Length > LongestShown ? line[..LongestShown] + "…" : line;
    }

    /// <summary>What is allowed: "a whole number from 1 to 8".</summary>
    internal static string Describe(Type type, OptionRangeAttribute? range)
    {
        string kind = type switch
        {
            _ when type == typeof(string) => "text",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(double) => "a number",
            _ when type.IsEnum => $"one of {string.Join(", ", Enum.GetValues(type).Cast<object>().Select(Format))}",
            _ => "a whole number",
        };
        string limits = range is null ? "" : $" from {Format(range.Min)} to {Format(range.Max)}";
        string multiple = range is { MultipleOf: > 0 } ? $" that is a multiple of {range.MultipleOf}" : "";
        return kind + limits + multiple;
    }

    private static bool Contains(OptionRangeAttribute range, object value)
    {
        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return number >= range.Min && number <= range.Max
            && (range.MultipleOf == 0 || number % range.MultipleOf == 0);
    }
}
