namespace UniPT.Reports.Figures;

/// <summary>Recalls of one direction of retrieval, percentages of queries 0 … 100.</summary>
/// <param name="RecallAt1">Queries whose match comes first.</param>
/// <param name="RecallAt5">Queries whose match is among the first 5.</param>
/// <param name="RecallAt10">Queries whose match is among the first 10.</param>
public sealed record DirectionRecalls(Statistic RecallAt1, Statistic RecallAt5, Statistic RecallAt10);
