using System.Text.RegularExpressions;
using UniPT.Tasks.Texts.Data;

namespace UniPT.Tasks.TextToText;

/// <summary>What the encoder reads of an example: words of the task around its texts.</summary>
/// <param name="Template">With <see cref="Text"/> and, of pairs, <see cref="SecondText"/>.</param>
internal sealed partial record SourceForm(string Template)
{
    /// <summary>Stands for the text, or the first of two.</summary>
    public const string Text = "{text}";

    /// <summary>Stands for the second text.</summary>
    public const string SecondText = "{second_text}";

    /// <summary>The form that the options choose (the published code of LST and SHERL, in which fields are joined by single blanks).</summary>
    public static SourceForm Of(TextToTextOptions options, TextDataOptions data)
    {
        if (data.Glue is not { } task)
        {
            return new(options.Source ?? (data.HasPairs ? $"{Text} {SecondText}" : Text));
        }

        string form = task switch
        {
            GlueTask.Cola or GlueTask.Sst2 => $"sentence: {Text}",
            GlueTask.Qqp => $"question1: {Text} question2: {SecondText}",
            GlueTask.Mnli => $"premise: {Text} hypothesis{(options.MissingColon ? "" : ":")} {SecondText}",
            GlueTask.Qnli => $"question: {Text} sentence: {SecondText}",
            _ => $"sentence1: {Text} sentence2: {SecondText}",
        };
        return new(options.Prefix ? $"{task.ToString().ToLowerInvariant()} {form}" : form);
    }

    /// <summary>The source of an example; what stands in its texts is not looked at.</summary>
    public string Write(string text, string? second) => Place().Replace(Template, place => place.Value == Text ? text : second ?? "");

    [GeneratedRegex(@"\{text\}|\{second_text\}")]
    private static partial Regex Place();
}
