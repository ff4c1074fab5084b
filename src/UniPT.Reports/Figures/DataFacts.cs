namespace UniPT.Reports.Figures;

/// <summary>The data set that was adapted to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Splits">Its splits, in the order to name them.</param>
/// <param name="Credit">Whose data they are and under which licence.</param>
public sealed record DataFacts(string Name, IReadOnlyList<DataSplit> Splits, string? Credit = null);

/// <summary>A split of a data set.</summary>
/// <param name="Name">train, val (by which the best epoch is chosen), test (which all figures are stated for) or another.</param>
/// <param name="Examples">How many examples it has.</param>
/// <param name="Words">What these are, in the task's words, such as <c>400 pictures</c>; null for that number of examples.</param>
public sealed record DataSplit(string Name, int Examples, string? Words = null)
{
    /// <summary>What there is to do what, such as <c>1,311 examples to train on</c>.</summary>
    internal string Purpose
    {
        get
        {
            string purpose = Name switch
            {
                "train" => "to train on",
                "val" => "to choose the best epoch by",
                "test" => "to test on",
                _ => $"in {Name}",
            };
            return $"{Words ?? $"{Units.Count(Examples)} examples"} {purpose}";
        }
    }
}
