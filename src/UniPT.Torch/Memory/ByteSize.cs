using System.Globalization;

namespace UniPT;

/// <summary>Numbers of bytes as people read them.</summary>
public static class ByteSize
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
}
