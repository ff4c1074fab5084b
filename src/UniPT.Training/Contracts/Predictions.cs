namespace UniPT.Training.Contracts;

/// <summary>A task whose models answer single inputs of a user.</summary>
public interface IPredictingTask
{
    /// <summary>The parts that an input must have, such as <c>picture</c> and <c>text</c>: names of <see cref="PredictionParts"/>.</summary>
    IReadOnlyList<string> Asks { get; }

    /// <summary>Whether an input has one of those parts, whichever, in the place of all.</summary>
    bool AsksForOne => false;

    /// <summary>Whether the answer is one of the examples of a data set, as the film that a text finds.</summary>
    bool NeedsData => false;

    /// <summary>The best answers of a model. Called in evaluation, without recording, in a scope of its own.</summary>
    /// <param name="model">One of this task's.</param>
    /// <param name="request">The input; it has every part that the task asks for, or one of them.</param>
    /// <exception cref="UserException">A part is empty or cannot be read.</exception>
    PredictionResult Predict(TaskModel model, PredictionRequest request);
}

/// <summary>A task whose predictions of a split are handed to a benchmark's server.</summary>
public interface ISubmittingTask
{
    /// <summary>Writes what a model predicts of every example of a split, in the benchmark's own format.</summary>
    /// <param name="model">One of this task's, in evaluation.</param>
    /// <param name="data">The data set, fitted to the model.</param>
    /// <param name="split"><c>train</c>, <c>val</c> or <c>test</c>; its answers need not be known.</param>
    /// <param name="reader">Gives hidden states.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Stops between batches.</param>
    void WriteSubmission(TaskModel model, TaskData data, string split, HiddenStateReader reader, Stream output, CancellationToken cancellation);
}

/// <summary>What inputs of predictions consist of, by the names of the options of <c>unipt predict</c>.</summary>
public static class PredictionParts
{
    /// <summary>A picture's file.</summary>
    public const string Picture = "picture";

    /// <summary>A text.</summary>
    public const string Text = "text";

    /// <summary>The second of two texts.</summary>
    public const string SecondText = "second_text";

    /// <summary>A sound's file.</summary>
    public const string Sound = "sound";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Picture, Text, SecondText, Sound];
}

/// <summary>An input that a model is to answer.</summary>
/// <param name="Parts">Texts and paths of files by <see cref="PredictionParts"/>.</param>
/// <param name="Count">How many answers at most, from 1.</param>
/// <param name="Data">The data set to choose from, fitted to the model, where the task needs one.</param>
/// <param name="Split">Its split.</param>
public sealed record PredictionRequest(IReadOnlyDictionary<string, string> Parts, int Count, TaskData? Data = null, string? Split = null)
{
    /// <summary>A part of the input.</summary>
    /// <exception cref="UserException">It is missing, or empty.</exception>
    public string this[string part] => Parts.TryGetValue(part, out string? value) && !string.IsNullOrWhiteSpace(value)
        ? value
        : throw new UserException($"The {part.Replace('_', ' ')} of the input is {(value is null ? "missing" : "empty")}; the task needs one.");
}

/// <summary>What a model answers.</summary>
/// <param name="Best">The best answers, best first.</param>
/// <param name="Drawn">The picture with what was found drawn into it, a PNG; null where there is nothing to draw.</param>
public sealed record PredictionResult(IReadOnlyList<Prediction> Best, byte[]? Drawn = null);

/// <summary>An answer.</summary>
/// <param name="Text">A label, an answer, a number, a file's name, or a box as <c>x0 y0 x1 y1</c> in pixels.</param>
/// <param name="Score">A probability where the task gives one, else what its answers are ordered by; null where there is only one.</param>
public sealed record Prediction(string Text, double? Score);
