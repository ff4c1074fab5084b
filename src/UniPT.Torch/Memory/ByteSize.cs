using System.Globalization;
using System.Text.RegularExpressions;

namespace UniPT;

/// <summary>Numbers of bytes as people read them.</summary>
public static partial class ByteSize
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>Three significant digits in the unit that fits, such as <c>1.37 GiB</c>; a unit is 1024 of the one before.</summary>
    public static string Format(long bytes)
    {
        double value = bytes;
        int unit = 0;
        while (Math.Abs(value) >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        string format = unit == 0 || Math.Abs(value) >= 99.95 ? "F0" : Math.Abs(value) >= 9.995 ? "F1" : "F2";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    /// <summary>Reads such a text; the unit may also be B, KB, MB, GB or TB, which mean the same.</summary>
    /// <exception cref="UserException">It is no positive number of bytes.</exception>
    public static long Parse(string text)
    {
        Match match = Pattern().Match(text);
        if (match.Success && double.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value))
        {
            int unit = Math.Max(0, "BKMGT".IndexOf(char.ToUpperInvariant(match.Groups[2].Value.FirstOrDefault('B'))));
            double bytes = value * Math.Pow(1024, unit);
            if (bytes is >= 1 and <= long.MaxValue / 2)
            {
                return (long)bytes;
            }
        }

        throw new UserException($"{text} is no size; expected something like 512MiB or 2GiB.");
    }

    [GeneratedRegex(@"^\s*([0-9.]{1,20})\s*([KMGT]?)(?:i?B|bytes)?\s*\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
