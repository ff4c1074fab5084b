namespace UniPT.Reports.Figures;

/// <summary>Recalls of both directions over seeds.</summary>
/// <param name="ImageToText">Pictures that look for a caption.</param>
/// <param name="TextToImage">Captions that look for their picture.</param>
/// <param name="RSum">The six recalls added, 0 … 600.</param>
public sealed record RecallFigures(DirectionRecalls ImageToText, DirectionRecalls TextToImage, Statistic RSum)
{
    /// <summary>The figures of one evaluation for each seed, by the names that runs use; also those of chance.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static RecallFigures Of(params IReadOnlyCollection<IReadOnlyDictionary<string, double>> seeds)
    {
        return new RecallFigures(Direction("i2t"), Direction("t2i"), Figure("rsum"));

        DirectionRecalls Direction(string name) => new(Figure($"{name}_r1"), Figure($"{name}_r5"), Figure($"{name}_r10"));

        Statistic Figure(string name) => Statistic.Of([.. seeds.Select(seed => seed[name])]);
    }
}
