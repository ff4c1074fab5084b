using System.Globalization;
using UniPT.Tasks.Texts;
using UniPT.Tasks.Texts.Data;

namespace UniPT.Tasks.TextToText;

/// <summary>How what is learned of an example is written, and what is read of it.</summary>
/// <param name="kind">What is learned.</param>
/// <param name="asIndices">Whether labels are written as their indices, as those of GLUE.</param>
/// <param name="stepsOfOne">Numbers are multiples of 1 divided by this.</param>
internal sealed class TargetForm(TextTarget kind, bool asIndices, int stepsOfOne)
{
    // What an output that is no number counts as, in the published evaluation.
    private const double NoNumber = -1;

    /// <summary>The form that the options choose.</summary>
    public static TargetForm Of(TextToTextOptions options, TextDataOptions data) => new(data.TargetOr(options.Kind ?? TextTarget.Text), data.Glue is not null, options.StepsOfOne);

    /// <summary>A label by its index or its name, or a number.</summary>
    public string Write(double value, string label) => kind switch
    {
        TextTarget.Regression => Rounded(value).ToString("0.0##", CultureInfo.InvariantCulture),
        TextTarget.Classification when asIndices => ((int)value).ToString(CultureInfo.InvariantCulture),
        _ => label.Trim(),
    };

    /// <summary>All labels as they are written, in their order.</summary>
    public IReadOnlyList<string> Write(IReadOnlyList<string> labels) => [.. labels.Select((label, index) => Write(index, label))];

    /// <summary>The number that an output says; null where it says none.</summary>
    public static double? Number(string written) =>
        double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    /// <summary>The number that an output counts as.</summary>
    public static double NumberOrNone(string written) => Number(written) ?? NoNumber;

    /// <summary>As Hugging Face's reader has the score, in float32, and Python rounds it: a tie goes to the even step.</summary>
    private double Rounded(double value) => Math.Round((float)value * (double)stepsOfOne) / stepsOfOne;
}
