using UniPT.Training.Contracts;

namespace UniPT.Reports.Figures;

/// <summary>The methods that no other beats at quality and memory together.</summary>
public static class ParetoFront
{
    /// <summary>
    /// Those with figures for which no other is at least as good with at most their memory and is better at one of
    /// the two; from the least memory to the most. One whose memory was not measured is left out.
    /// </summary>
    /// <param name="methods">The methods.</param>
    /// <param name="quality">The figure that tells how good they are.</param>
    public static IReadOnlyList<MethodFigures> Of(IReadOnlyList<MethodFigures> methods, FigureDefinition quality)
    {
        MethodFigures[] measured = [.. methods.Where(method => IsMeasured(method, quality))];
        return [.. measured.Where(method => !measured.Any(other => Beats(other, method, quality))).OrderBy(method => method.StepMemory.Peak)];
    }

    /// <summary>Whether a method has both figures.</summary>
    internal static bool IsMeasured(MethodFigures method, FigureDefinition quality) =>
        double.IsFinite(method.Mean(quality)) && method.StepMemory.Peak > 0;

    private static bool Beats(MethodFigures one, MethodFigures other, FigureDefinition quality)
    {
        (double merit, double rival) = (quality.Merit(one.Mean(quality)), quality.Merit(other.Mean(quality)));
        (long memory, long rivals) = (one.StepMemory.Peak!.Value, other.StepMemory.Peak!.Value);
        return merit >= rival && memory <= rivals && (merit > rival || memory < rivals);
    }
}
