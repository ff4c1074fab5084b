using System.Text.Json;

namespace UniPT.Reports.Figures;

/// <summary>How one run went.</summary>
/// <param name="Label">The <see cref="MethodFigures.Label"/> of its method.</param>
/// <param name="Loss">The loss of every step.</param>
/// <param name="RSum">The validation split's rSum after every epoch.</param>
public sealed record Curve(string Label, IReadOnlyList<double> Loss, IReadOnlyList<double> RSum)
{
    /// <summary>The curve that the metrics of a finished run tell.</summary>
    /// <param name="label">The <see cref="MethodFigures.Label"/> of its method.</param>
    /// <param name="metricsFile">The run's <c>metrics.jsonl</c>.</param>
    /// <exception cref="UserException">The file cannot be read or holds something else.</exception>
    public static Curve Read(string label, string metricsFile)
    {
        var loss = new List<double>();
        var rSum = new List<double>();
        string[] lines = TextFile.Read(metricsFile, "a run's metrics", int.MaxValue).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < lines.Length; i++)
        {
            try
            {
                using JsonDocument line = JsonDocument.Parse(lines[i]);
                bool step = line.RootElement.GetProperty("kind").GetString() == "step";
                (step ? loss : rSum).Add(line.RootElement.GetProperty(step ? "loss" : "rsum").GetDouble());
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new UserException($"{metricsFile}, line {i + 1}: expected the metrics of a step or an evaluation, found something else.", error);
            }
        }

        return new Curve(label, loss, rSum);
    }
}
