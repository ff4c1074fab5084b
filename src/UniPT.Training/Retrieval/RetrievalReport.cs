using UniPT.Training.Contracts;

namespace UniPT.Training.Retrieval;

/// <summary>What tables, charts and pages show of image–text retrieval.</summary>
internal static class RetrievalReport
{
    /// <summary>The task's name.</summary>
    internal const string Task = "retrieval";

    private const string MeaningOfRecall = "R@k is the share of queries whose right answer is among the first k.";

    /// <summary>The figures, by the names that <see cref="RetrievalFigures"/> and <see cref="ChanceLevel"/> give them.</summary>
    internal static IReadOnlyList<FigureDefinition> Figures { get; } =
    [
        .. Direction("i2t", "i→t", "Picture finds caption"),
        .. Direction("t2i", "t→i", "Caption finds picture"),
        new("rsum", "rSum, of 600", "Both ways") { Unit = FigureUnit.Points, IsPrimary = true, ShortTitle = "rSum", Meaning = "rSum adds the six recalls." },
    ];

    /// <summary>The sizes of the inputs that figures depend on.</summary>
    /// <param name="imageSize">Side of the pictures, in pixels.</param>
    /// <param name="longestCaption">Tokens of the longest training caption.</param>
    internal static IReadOnlyDictionary<string, string> Inputs(int imageSize, int longestCaption) => new Dictionary<string, string>
    {
        ["Image size"] = $"{imageSize} px",
        ["Longest caption"] = $"{longestCaption} tokens",
    };

    private static IEnumerable<FigureDefinition> Direction(string name, string shortName, string group) => new[] { 1, 5, 10 }.Select(k =>
        new FigureDefinition($"{name}_r{k}", $"R@{k}", group) { ShortTitle = k == 1 ? $"{shortName} R@1" : null, Meaning = MeaningOfRecall });
}
