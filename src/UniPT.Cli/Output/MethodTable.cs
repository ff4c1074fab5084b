using System.Globalization;
using Spectre.Console;
using UniPT.Training.Comparison;
using UniPT.Training.Runs;

namespace UniPT.Cli.Output;

/// <summary>The table that compares methods.</summary>
internal static class MethodTable
{
    internal static Table Create(IReadOnlyList<MethodSummary> methods, IReadOnlyDictionary<string, double> chance)
    {
        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumn("");
        foreach (MethodSummary method in methods)
        {
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(method.Method)}[/]").RightAligned());
        }

        table.AddColumn(new TableColumn("chance").RightAligned());
        Row(table, methods, "trainable parameters", run => run.TrainableParameters.ToString("N0", CultureInfo.InvariantCulture));
        Row(table, methods, "memory of a step: weights", run => ByteSize.Format(run.StepMemory.Weights));
        Row(table, methods, "  activations", run => ByteSize.Format(run.StepMemory.Activations));
        Row(table, methods, "  gradients", run => ByteSize.Format(run.StepMemory.Gradients));
        Row(table, methods, "  optimizer", run => ByteSize.Format(run.StepMemory.Optimizer));
        Row(table, methods, "  tensors in all", run => ByteSize.Format(run.StepMemory.Peak));
        Row(table, methods, "process peak", run => ByteSize.Format(run.ProcessPeak));
        Row(table, methods, "seconds per epoch", run => run.SecondsPerEpoch.ToString("f1", CultureInfo.InvariantCulture));
        Row(table, methods, "epochs", run => run.Epochs.ToString(CultureInfo.InvariantCulture));
        Recalls(table, methods, chance, "image → text", "i2t");
        Recalls(table, methods, chance, "text → image", "t2i");
        Figure(table, methods, chance, "rSum", "rsum");
        return table;
    }

    private static void Row(Table table, IReadOnlyList<MethodSummary> methods, string name, Func<RunResult, string> cell) =>
        table.AddRow([name, .. methods.Select(method => cell(method.Runs[0])), ""]);

    private static void Recalls(
        Table table, IReadOnlyList<MethodSummary> methods, IReadOnlyDictionary<string, double> chance, string name, string prefix)
    {
        foreach (int k in new[] { 1, 5, 10 })
        {
            Figure(table, methods, chance, $"{name}  R@{k}", $"{prefix}_r{k}");
        }
    }

    private static void Figure(
        Table table, IReadOnlyList<MethodSummary> methods, IReadOnlyDictionary<string, double> chance, string name, string figure) =>
        table.AddRow([name, .. methods.Select(method => Cell(method, figure)), chance[figure].ToString("f1", CultureInfo.InvariantCulture)]);

    private static string Cell(MethodSummary method, string figure)
    {
        string mean = method.Mean(figure).ToString("f1", CultureInfo.InvariantCulture);
        return method.Runs.Count < 2 ? mean : $"{mean} ± {method.Deviation(figure).ToString("f1", CultureInfo.InvariantCulture)}";
    }
}
