using System.Text.Json;
using UniPT.Training.Contracts;

namespace UniPT.Reports.Figures;

/// <summary>How one run went.</summary>
/// <param name="Label">The <see cref="MethodFigures.Label"/> of its method.</param>
/// <param name="Loss">The loss of every step.</param>
/// <param name="Validation">The primary figure on the validation split after every epoch.</param>
public sealed record Curve(string Label, IReadOnlyList<double> Loss, IReadOnlyList<double> Validation)
{
    /// <summary>The curve that the metrics of a finished run tell.</summary>
    /// <param name="label">The <see cref="MethodFigures.Label"/> of its method.</param>
    /// <param name="metricsFile">The run's <c>metrics.jsonl</c>.</param>
    /// <param name="primary">The figure to read of each evaluation.</param>
    /// <exception cref="UserException">The file cannot be read or holds something else.</exception>
    public static Curve Read(string label, string metricsFile, FigureDefinition primary)
    {
        var loss = new List<double>();
        var validation = new List<double>();
        string[] lines = TextFile.Read(metricsFile, "a run's metrics", int.MaxValue).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < lines.Length; i++)
        {
            try
            {
                using JsonDocument line = JsonDocument.Parse(lines[i]);
                bool step = line.RootElement.GetProperty("kind").GetString() == "step";
                (step ? loss : validation).Add(line.RootElement.GetProperty(step ? "loss" : primary.Name).GetDouble());
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new UserException($"{metricsFile}, line {i + 1}: expected the metrics of a step or an evaluation, found something else.", error);
            }
        }

        return new Curve(label, loss, validation);
    }
}
