using System.Globalization;

namespace UniPT.Testing;

/// <summary>Runs a test's code as on a machine that is set up for other people.</summary>
public static class In
{
    /// <summary>Runs with another culture for numbers, dates, case and order, on this thread and those it starts.</summary>
    public static void Culture(string name, Action action)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
        try
        {
            action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
