using System.Text;
using UniPT.Reports.Html;

namespace UniPT.Reports.Charts;

/// <summary>The rectangle of a drawing that values are drawn in.</summary>
internal sealed record Plot(Axis X, Axis Y, double Left, double Right, double Top, double Bottom)
{
    /// <summary>The horizontal coordinate of a value.</summary>
    internal double Across(double x) => Left + (X.Share(x) * (Right - Left));

    /// <summary>The vertical coordinate of a value.</summary>
    internal double Down(double y) => Bottom - (Y.Share(y) * (Bottom - Top));

    /// <summary>A path through points that lifts the pen where a value is not finite.</summary>
    internal string Path(IReadOnlyList<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        bool drawing = false;
        foreach ((double x, double y) in points)
        {
            if (double.IsFinite(y))
            {
                path.Append(drawing ? 'L' : 'M').Append(Markup.Number(Across(x))).Append(' ').Append(Markup.Number(Down(y)));
            }

            drawing = double.IsFinite(y);
        }

        return path.ToString();
    }
}
