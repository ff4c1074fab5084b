using UniPT.Training.Reports.Figures;
using UniPT.Training.Reports.Summary;

namespace UniPT.Training.Reports.Html;

/// <summary>What the table of figures shows, by groups.</summary>
internal static class FigureRows
{
    internal static (string Name, FigureRow[] Rows)[] Of(IReadOnlyList<MethodFigures> methods, RecallFigures? chance) =>
    [
        ("Picture finds caption", Direction(chance, recalls => recalls.ImageToText)),
        ("Caption finds picture", Direction(chance, recalls => recalls.TextToImage)),
        ("Both ways", [FigureRow.Recall("rSum, of 600", chance, recalls => recalls.RSum)]),
        ("Memory of a training step",
        [
            FigureRow.Bytes("Weights", method => method.StepMemory.Weights),
            FigureRow.Bytes("Activations", method => method.StepMemory.Activations),
            FigureRow.Bytes("Gradients", method => method.StepMemory.Gradients),
            FigureRow.Bytes("Optimizer", method => method.StepMemory.Optimizer),
            FigureRow.Bytes("Together", method => method.StepMemory.Peak),
        ]),
        ("Memory of the whole run",
        [
            FigureRow.Bytes("Tensors at peak", method => method.TensorPeakBytes),
            FigureRow.Bytes("Process at peak", method => method.ProcessPeakBytes),
        ]),
        ("Parameters",
        [
            new FigureRow("Trained", method => Units.Count(method.TrainableParameters), method => method.TrainableParameters),
            new FigureRow("All", method => Units.Count(method.TotalParameters)),
            new FigureRow("Trained share", method => Units.Share((double)method.TrainableParameters / method.TotalParameters)),
        ]),
        ("Training",
        [
            new FigureRow("Time per epoch", method => Units.Seconds(method.SecondsPerEpoch), method => method.SecondsPerEpoch),
            new FigureRow("Best epoch", method => method.BestEpochs.Count == 0
                ? Units.Missing
                : string.Join(", ", method.BestEpochs.Select(epoch => epoch + 1))),
            new FigureRow("Seeds", method => method.Seeds.Count == 0 ? Units.Missing : string.Join(", ", method.Seeds)),
            .. Condition.All.Where(condition => !condition.IsShared(methods)).Select(condition =>
                new FigureRow(condition.Name, method => condition.Value(method.Conditions))),
        ]),
    ];

    private static FigureRow[] Direction(RecallFigures? chance, Func<RecallFigures, DirectionRecalls> direction) =>
    [
        FigureRow.Recall("R@1", chance, recalls => direction(recalls).RecallAt1),
        FigureRow.Recall("R@5", chance, recalls => direction(recalls).RecallAt5),
        FigureRow.Recall("R@10", chance, recalls => direction(recalls).RecallAt10),
    ];
}
