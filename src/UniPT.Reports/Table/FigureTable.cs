using UniPT.Reports.Figures;
using UniPT.Reports.Summary;

namespace UniPT.Reports.Table;

/// <summary>The figures of a comparison as text, a column for each method; the terminal and the page show the same.</summary>
public static class FigureTable
{
    /// <summary>The table's groups. Conditions are rows only where methods differ in them.</summary>
    public static IReadOnlyList<FigureGroup> Of(IReadOnlyList<MethodFigures> methods, RecallFigures? chance)
    {
        return
        [
            new("Picture finds caption", Direction(recalls => recalls.ImageToText)),
            new("Caption finds picture", Direction(recalls => recalls.TextToImage)),
            new("Both ways", [FigureRow.Recall("rSum, of 600", methods, chance, recalls => recalls.RSum)]),
            new("Memory of a training step",
            [
                Bytes("Weights", method => method.StepMemory.Weights),
                Bytes("Activations", method => method.StepMemory.Activations),
                Bytes("Gradients", method => method.StepMemory.Gradients),
                Bytes("Optimizer", method => method.StepMemory.Optimizer),
                Bytes("Tensors in all", method => method.StepMemory.Peak),
            ]),
            new("Memory of the run", [Bytes("Process at peak", method => method.ProcessPeak)]),
            new("Parameters",
            [
                FigureRow.Cost("Trained", methods, method => method.TrainableParameters, method => Units.Count(method.TrainableParameters)),
                FigureRow.Fact("All", methods, method => Units.Count(method.TotalParameters)),
                FigureRow.Fact("Trained share", methods, method => Units.Share((double)method.TrainableParameters / method.TotalParameters)),
            ]),
            new("Training",
            [
                FigureRow.Cost("Time per epoch", methods, method => method.SecondsPerEpoch, method => Units.Seconds(method.SecondsPerEpoch)),
                FigureRow.Fact("Best epoch", methods, method => List([.. method.BestEpochs.Select(epoch => epoch + 1L)])),
                FigureRow.Fact("Seeds", methods, method => List([.. method.Seeds])),
                .. Condition.All.Where(condition => !condition.IsShared(methods)).Select(condition =>
                    FigureRow.Fact(condition.Name, methods, condition.Value)),
            ]),
        ];

        FigureRow[] Direction(Func<RecallFigures, DirectionRecalls> direction) =>
        [
            FigureRow.Recall("R@1", methods, chance, recalls => direction(recalls).RecallAt1),
            FigureRow.Recall("R@5", methods, chance, recalls => direction(recalls).RecallAt5),
            FigureRow.Recall("R@10", methods, chance, recalls => direction(recalls).RecallAt10),
        ];

        FigureRow Bytes(string name, Func<MethodFigures, long?> bytes) =>
            FigureRow.Cost(name, methods, method => bytes(method) ?? double.NaN, method => Units.Bytes(bytes(method)));

        static string List(IReadOnlyCollection<long> numbers) => numbers.Count == 0 ? Units.Missing : string.Join(", ", numbers);
    }

    /// <summary>The conditions that all methods have in common, as a sentence; empty where there are none.</summary>
    public static string Shared(IReadOnlyList<MethodFigures> methods)
    {
        string[] shared =
        [
            .. Condition.All.Where(condition => methods.Count > 0 && condition.IsShared(methods)).Select(condition =>
                $"{condition.Name.ToLowerInvariant()} {condition.Value(methods[0])}"),
        ];
        return shared.Length == 0 ? "" : $"The same for all methods: {Wording.List(shared)}.";
    }
}
