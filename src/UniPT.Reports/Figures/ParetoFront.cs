namespace UniPT.Reports.Figures;

/// <summary>The methods that no other beats at quality and memory together.</summary>
public static class ParetoFront
{
    /// <summary>
    /// Those with figures for which no other has at least their rSum with at most their memory and is better at one of
    /// the two; from the least memory to the most. One whose memory was not measured is left out.
    /// </summary>
    public static IReadOnlyList<MethodFigures> Of(IReadOnlyList<MethodFigures> methods)
    {
        MethodFigures[] measured = [.. methods.Where(method => method.Recalls is not null && method.StepMemory.Peak > 0)];
        return [.. measured.Where(method => !measured.Any(other => Beats(other, method))).OrderBy(method => method.StepMemory.Peak)];
    }

    private static bool Beats(MethodFigures one, MethodFigures other)
    {
        (double quality, double rival) = (one.Recalls!.RSum.Mean, other.Recalls!.RSum.Mean);
        (long memory, long rivals) = (one.StepMemory.Peak!.Value, other.StepMemory.Peak!.Value);
        return quality >= rival && memory <= rivals && (quality > rival || memory < rivals);
    }
}
