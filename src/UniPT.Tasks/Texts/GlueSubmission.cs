using System.Globalization;
using System.Text;
using UniPT.Tasks.Texts.Data;

namespace UniPT.Tasks.Texts;

/// <summary>The file that GLUE's server takes: <c>index⇥prediction</c>, a row for every example, labels as they are written in the published files.</summary>
internal static class GlueSubmission
{
    /// <summary>Writes it; where the files do not say what examples are called, they are counted from 0.</summary>
    internal static void Write(Stream output, TextSplit split, IEnumerable<string> predictions)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("index\tprediction");
        foreach ((int place, string prediction) in predictions.Index())
        {
            writer.WriteLine($"{(split.Indices.Count > 0 ? split.Indices[place] : place.ToString(CultureInfo.InvariantCulture))}\t{prediction}");
        }
    }

    /// <summary>A label by its index, or a number, as the published files write it.</summary>
    internal static string Spell(double value, TextDataOptions options, TextDataSet set) => set.Target switch
    {
        TextTarget.Regression => value.ToString("0.000", CultureInfo.InvariantCulture),
        TextTarget.Classification when options.Glue is { } glue => GlueFormat.Of(glue).Labels[(int)value].Written,
        _ => set.Labels[(int)value],
    };
}
