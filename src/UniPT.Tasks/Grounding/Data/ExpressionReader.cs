using System.Globalization;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Grounding.Data;

/// <summary>Reads files of expressions: an entry of <c>images</c> for each of them, with one of <c>annotations</c> that has its box.</summary>
/// <param name="files">Where the files are.</param>
/// <param name="pictures">Where the pictures are.</param>
/// <param name="problems">Gets what is wrong with a file.</param>
/// <param name="rows">Gets what is wrong with an expression.</param>
internal sealed class ExpressionReader(DataSetFiles files, PictureFiles pictures, DataSetProblems problems, RowProblems rows)
{
    private const string Images = "images";
    private const string Annotations = "annotations";

    /// <summary>How many boxes reach out of their pictures by more than a pixel, and are cut.</summary>
    internal int Cut { get; private set; }

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
        IReadOnlySet<string> found = JsonLists.Read(file.Path, files.Read(file.Path), problems, new Dictionary<string, Action<JsonEntry>>
        {
            [Images] = entry => AddImage(entry, captioned),
            [Annotations] = entry => AddAnnotation(entry, boxed),
        });
        foreach (string list in ((string[])[Images, Annotations]).Where(list => !found.Contains(list) && !problems.Any))
        {
            problems.Add(file.Path, $"has no list {list}; expected {Images} and {Annotations}, as in COCO's files");
        }

        foreach (Boxed box in boxed.Values.Where(box => !captioned.ContainsKey(box.Expression)))
        {
            rows.Add(box.Place, $"the annotation {box.Id} is of the expression {box.Expression}, which is not among the {Images} of the file", "an annotation without expression");
        }

        return [.. captioned.Where(pair => pair.Value is not null).Select(pair => Join(pair.Key, pair.Value!, boxed.GetValueOrDefault(pair.Key), file)).OfType<Expression>()];
    }

    /// <summary>Adds an expression, or null in its place where it cannot be used.</summary>
    private void AddImage(JsonEntry entry, OrderedDictionary<long, Captioned?> captioned)
    {
        if (entry.Whole("id") is not { } id
            || entry.Text("file_name") is not { Length: > 0 } name
            || entry.Whole("width") is not (> 0 and <= int.MaxValue and var width)
            || entry.Whole("height") is not (> 0 and <= int.MaxValue and var height)
            || entry.Text("caption") is not { } caption)
        {
            rows.Add(
                entry.Place,
                "needs a whole number id, a text file_name, whole numbers width and height from 1, and a text caption",
                "an expression without id, file_name, width, height or caption");
            if (entry.Whole("id") is { } known)
            {
                captioned.TryAdd(known, null);
            }
        }
        else if (!captioned.TryAdd(id, null))
        {
            rows.Add(entry.Place, $"the expression {id} was there before", "an expression that comes twice");
        }
        else if (string.IsNullOrWhiteSpace(caption))
        {
            rows.Add(entry.Place, $"the expression {id} is empty", "an empty expression");
        }
        else if (pictures.Find(name) is not { } file)
        {
            rows.Add(entry.Place, $"the picture {name} of the expression {id} is not among the {pictures.Count} below {pictures.Path} (data.images)", "an expression without picture");
        }
        else if (pictures.FindProblem(file) is { } problem)
        {
            rows.Add(entry.Place, $"the picture {file} of the expression {id} {problem}", "a picture that cannot be read");
        }
        else
        {
            captioned[id] = new Captioned(entry.Place, file, (int)width, (int)height, caption);
        }
    }

    private void AddAnnotation(JsonEntry entry, Dictionary<long, Boxed> boxed)
    {
        if (entry.Whole("image_id") is not { } expression || entry.Numbers("bbox") is not { Length: 4 } box)
        {
            rows.Add(entry.Place, "needs a whole number image_id and a bbox of four numbers", "an annotation without image_id or bbox");
            return;
        }

        string id = entry.Whole("id")?.ToString(CultureInfo.InvariantCulture) ?? "without id";
        var read = new Boxed(entry.Place, id, expression, new PixelBox(box[0], box[1], box[0] + box[2], box[1] + box[3]), entry.Rows("tokens_positive"));
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
            rows.Add(text.Place, $"the expression {id} has no box: no annotation is of it", "an expression without box");
            return null;
        }

        if (annotation.Others > 0)
        {
            rows.Add(annotation.Place, $"the expression {id} has {annotation.Others + 1} annotations; expected one", "an expression of several boxes");
            return null;
        }

        PixelBox box = annotation.Box.Within(text.Width, text.Height);
        if (!box.HasArea)
        {
            string what = annotation.Box.HasArea ? $"lies outside of its picture of {text.Width} × {text.Height} pixels" : "has no area";
            rows.Add(annotation.Place, $"the box {annotation.Box} of the expression {id} {what}", "a box outside of its picture or of no area");
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
            rows.Add(
                annotation.Place,
                string.Create(CultureInfo.InvariantCulture, $"the span [{string.Join(", ", wrong)}] of the expression {id} is not inside of its {length} characters \"{text.Text}\""),
                "a span outside of its expression");
            return null;
        }

        if (isNeeded && spans.Length == 0)
        {
            rows.Add(annotation.Place, $"no tokens_positive say which characters of the expression {id} name the box", "an expression without tokens_positive");
            return null;
        }

        return [.. spans.Select(span => ((int)span[0], (int)span[1]))];
    }

    private sealed record Captioned(string Place, string File, int Width, int Height, string Text);

    private sealed record Boxed(string Place, string Id, long Expression, PixelBox Box, double[][]? Spans)
    {
        public int Others { get; init; }
    }
}
