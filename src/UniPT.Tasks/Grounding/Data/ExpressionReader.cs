using System.Globalization;
using System.Text.Json;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Grounding.Data;

/// <summary>Reads files of expressions: an entry of <c>images</c> for each of them, with one of <c>annotations</c> that has its box.</summary>
/// <param name="files">The folder where the files are.</param>
/// <param name="pictures">Where the pictures are.</param>
/// <param name="problems">Gets what is wrong with a file.</param>
/// <param name="rows">Gets what is wrong with an expression.</param>
internal sealed class ExpressionReader(DataSetFiles files, PictureFiles pictures, DataSetProblems problems, RowProblems rows)
{
    private const string Images = "images";
    private const string Annotations = "annotations";

    /// <summary>How many boxes reach out of their pictures by more than a pixel, and are cut.</summary>
    internal int Cut { get; private set; }

    /// <summary>Whether there was an expression that cannot be used.</summary>
    internal bool HasBad { get; private set; }

    /// <summary>The expressions of a file that can be used.</summary>
    internal IReadOnlyList<Expression> Read(AnnotationFile file)
    {
        if (files.FindProblem(file.Path) is { } problem)
        {
            problems.Add(file.Path, problem);
            return [];
        }

        var captioned = new OrderedDictionary<long, Captioned?>();
        var boxed = new Dictionary<long, Boxed>();
        var counts = new Dictionary<string, int> { [Images] = 0, [Annotations] = 0 };
        bool broken = false;
        foreach (JsonEntry entry in JsonEntries.Read(Path.Combine(files.Path, file.Path), file.Path, Broken, Images, Annotations))
        {
            if (counts.ContainsKey(entry.List))
            {
                counts[entry.List]++;
                (JsonElement value, string place) = (entry.Value, $"{entry.Place} of {entry.List}");
                if (entry.List == Images)
                {
                    AddImage(value, place, captioned);
                }
                else
                {
                    AddAnnotation(value, place, boxed);
                }
            }
        }

        string[] empty = [.. counts.Where(list => list.Value == 0).Select(list => list.Key)];
        if (!broken && empty.Length > 0)
        {
            problems.Add(file.Path, $"has no {string.Join(" and no ", empty)}; expected an object with the lists {Images} and {Annotations}, as in COCO's files");
        }

        foreach (Boxed box in boxed.Values.Where(box => !captioned.ContainsKey(box.Expression)))
        {
            AddBad(box.Place, $"the annotation {box.Id} is of the expression {box.Expression}, which is not among the {Images} of the file", "an annotation without expression");
        }

        return [.. captioned.Where(pair => pair.Value is not null).Select(pair => Join(pair.Key, pair.Value!, boxed.GetValueOrDefault(pair.Key), file)).OfType<Expression>()];

        void Broken(string place, string what)
        {
            broken = true;
            problems.Add(place, what);
        }
    }

    private void AddBad(string place, string problem, string cause)
    {
        HasBad = true;
        rows.Add(place, problem, cause);
    }

    /// <summary>Adds an expression, or null in its place where it cannot be used.</summary>
    private void AddImage(JsonElement entry, string place, OrderedDictionary<long, Captioned?> captioned)
    {
        if (Whole(entry, "id") is not { } id
            || entry.Text("file_name") is not { Length: > 0 } name
            || Whole(entry, "width") is not (> 0 and <= int.MaxValue and var width)
            || Whole(entry, "height") is not (> 0 and <= int.MaxValue and var height)
            || entry.Text("caption") is not { } caption)
        {
            AddBad(
                place,
                "needs a whole number id, a text file_name, whole numbers width and height from 1, and a text caption",
                "an expression without id, file_name, width, height or caption");
            if (Whole(entry, "id") is { } known)
            {
                captioned.TryAdd(known, null);
            }
        }
        else if (!captioned.TryAdd(id, null))
        {
            AddBad(place, $"the expression {id} was there before", "an expression that comes twice");
        }
        else if (string.IsNullOrWhiteSpace(caption))
        {
            AddBad(place, $"the expression {id} is empty", "an empty expression");
        }
        else if (pictures.Find(name) is not { } file)
        {
            AddBad(place, $"the picture {name} of the expression {id} is not among the {pictures.Count} below {pictures.Path} (data.images)", "an expression without picture");
        }
        else if (pictures.FindProblem(file) is { } problem)
        {
            AddBad(place, $"the picture {file} of the expression {id} {problem}", "a picture that cannot be read");
        }
        else
        {
            captioned[id] = new Captioned(place, file, (int)width, (int)height, caption);
        }
    }

    private void AddAnnotation(JsonElement entry, string place, Dictionary<long, Boxed> boxed)
    {
        if (Whole(entry, "image_id") is not { } expression || Numbers(entry.Find("bbox")) is not { Length: 4 } box)
        {
            AddBad(place, "needs a whole number image_id and a bbox of four numbers", "an annotation without image_id or bbox");
            return;
        }

        string id = Whole(entry, "id")?.ToString(CultureInfo.InvariantCulture) ?? "without id";
        var read = new Boxed(place, id, expression, new PixelBox(box[0], box[1], box[0] + box[2], box[1] + box[3]), Rows(entry.Find("tokens_positive")));
        if (!boxed.TryAdd(expression, read))
        {
            boxed[expression] = boxed[expression] with { Others = boxed[expression].Others + 1 };
        }
    }

    /// <summary>An expression with its box; null where something is wrong with it.</summary>
    private Expression? Join(long id, Captioned text, Boxed? annotation, AnnotationFile file)
    {
        if (annotation is null)
        {
            AddBad(text.Place, $"the expression {id} has no box: no annotation is of it", "an expression without box");
            return null;
        }

        if (annotation.Others > 0)
        {
            AddBad(annotation.Place, $"the expression {id} has {annotation.Others + 1} annotations; expected one", "an expression of several boxes");
            return null;
        }

        PixelBox box = annotation.Box.Within(text.Width, text.Height);
        if (!box.HasArea)
        {
            string what = annotation.Box.HasArea ? $"lies outside of its picture of {text.Width} × {text.Height} pixels" : "has no area";
            AddBad(annotation.Place, $"the box {annotation.Box} of the expression {id} {what}", "a box outside of its picture or of no area");
            return null;
        }

        double beyond = Math.Max(
            Math.Max(box.Left - annotation.Box.Left, box.Top - annotation.Box.Top), Math.Max(annotation.Box.Right - box.Right, annotation.Box.Bottom - box.Bottom));
        Cut += beyond > 1 ? 1 : 0;
        if (Spans(id, text, annotation, isNeeded: file.Split == 0) is { } spans)
        {
            return new Expression(id, text.File, text.Width, text.Height, text.Text, box, spans, file.Set, file.Part);
        }

        return null;
    }

    private (int Start, int End)[]? Spans(long id, Captioned text, Boxed annotation, bool isNeeded)
    {
        int length = text.Text.EnumerateRunes().Count();
        double[][] spans = annotation.Spans ?? [];
        if (spans.FirstOrDefault(span => !(span is [var start, var end] && start >= 0 && start < end && end <= length && start == (int)start && end == (int)end)) is { } wrong)
        {
            AddBad(
                annotation.Place,
                string.Create(CultureInfo.InvariantCulture, $"the span [{string.Join(", ", wrong)}] of the expression {id} is not inside of its {length} characters \"{text.Text}\""),
                "a span outside of its expression");
            return null;
        }

        if (isNeeded && spans.Length == 0)
        {
            AddBad(annotation.Place, $"no tokens_positive say which characters of the expression {id} name the box", "an expression without tokens_positive");
            return null;
        }

        return [.. spans.Select(span => ((int)span[0], (int)span[1]))];
    }

    /// <summary>A whole number; null where there is none, or something else.</summary>
    private static long? Whole(JsonElement entry, string name) => entry.Find(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long whole) ? whole : null;

    private static double[]? Numbers(JsonElement? list) => list is { ValueKind: JsonValueKind.Array } numbers && numbers.EnumerateArray().All(number => number.ValueKind == JsonValueKind.Number)
        ? [.. numbers.EnumerateArray().Select(number => number.GetDouble())]
        : null;

    private static double[][]? Rows(JsonElement? list)
    {
        if (list is not { ValueKind: JsonValueKind.Array } rows)
        {
            return null;
        }

        double[][] all = [.. rows.EnumerateArray().Select(row => Numbers(row)).OfType<double[]>()];
        return all.Length == rows.GetArrayLength() ? all : null;
    }

    private sealed record Captioned(string Place, string File, int Width, int Height, string Text);

    private sealed record Boxed(string Place, string Id, long Expression, PixelBox Box, double[][]? Spans)
    {
        public int Others { get; init; }
    }
}
