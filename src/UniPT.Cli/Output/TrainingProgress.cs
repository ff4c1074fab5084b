using System.Diagnostics;
using Spectre.Console;
using UniPT.Reports;
using UniPT.Training.Contracts;
using UniPT.Training.Loop;
using UniPT.Training.Recipes;

namespace UniPT.Cli.Output;

/// <summary>Shows a run: one line that is rewritten on a terminal, one line an epoch elsewhere.</summary>
internal sealed class TrainingProgress(IAnsiConsole console, Recipe recipe, string label, TextWriter output, ISet<string>? said = null) : ITrainingObserver
{
    private const int BarWidth = 24;
    private const double Smoothing = 0.1;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);
    private readonly FigureDefinition _primary = TaskRegistry.Create(recipe).Primary;
    private readonly bool _rewrites = console.Profile.Out.IsTerminal;
    private long _shown;
    private int _epochs;
    private int _stepsPerEpoch;
    private double _loss;
    private double _secondsPerStep;

    public void Started(TrainingPosition position, int epochs, int stepsPerEpoch)
    {
        (_epochs, _stepsPerEpoch) = (epochs, stepsPerEpoch);
        if (position.Step > 0)
        {
            output.WriteLine($"{label}: continues at epoch {position.Epoch + 1}, step {position.Step}");
        }
    }

    /// <summary>Of runs on the same data, which share <c>said</c>, only the first says what is to be said of them.</summary>
    public void Noticed(string sentence)
    {
        if (said?.Add(sentence) == false)
        {
            return;
        }

        Rewrite("");
        output.WriteLine($"{label}: {sentence}");
    }

    public void Stepped(StepResult result)
    {
        bool first = _secondsPerStep == 0;
        _loss = first ? result.Loss : _loss + (Smoothing * (result.Loss - _loss));
        _secondsPerStep = first ? result.Seconds : _secondsPerStep + (Smoothing * (result.Seconds - _secondsPerStep));
        if (_rewrites && Stopwatch.GetElapsedTime(_shown) > Refresh)
        {
            _shown = Stopwatch.GetTimestamp();
            Rewrite(Line(result));
        }
    }

    public void Evaluated(EpochResult result)
    {
        Rewrite("");
        string best = result.Best ? " (best so far)" : "";
        output.WriteLine($"{label}: epoch {result.Epoch + 1}/{_epochs}  loss {_loss:g4}  val {FigureLines.Of(_primary, result.Figures[_primary.Name])}{best}  {result.Seconds:f1} s");
    }

    /// <summary>Puts another line in the place of the one that shows the progress.</summary>
    private void Rewrite(string line)
    {
        if (!_rewrites)
        {
            return;
        }

        try
        {
            console.Profile.Out.Writer.Write($"\r\e[2K{line}");
        }
        catch (IOException)
        {
            // The terminal was closed; what is trained is saved all the same.
        }
    }

    private string Line(StepResult result)
    {
        long total = (long)_epochs * _stepsPerEpoch;
        int filled = (int)(BarWidth * result.Position.Step / Math.Max(1, total));
        string bar = new string('━', filled) + new string('─', BarWidth - filled);
        var left = TimeSpan.FromSeconds(_secondsPerStep * (total - result.Position.Step));
        return $"{label} {bar} epoch {result.Position.Epoch + 1}/{_epochs}  loss {_loss:g4}  {result.Examples / Math.Max(_secondsPerStep, 1e-9):f0} samples/s  {left:mm\\:ss} left  tensors {Units.Bytes(result.Memory.Peak)}";
    }
}
