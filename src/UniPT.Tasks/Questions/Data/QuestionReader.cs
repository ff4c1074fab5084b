using System.Globalization;
using System.Text.Json;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Shared.Tables;

namespace UniPT.Tasks.Questions.Data;

/// <summary>
/// Reads question files in one pass each, whatever their format, which is told by their contents: a list of questions as LXMERT's code has it; <c>questions</c> of
/// VQAv2, whose answers stand in annotations beside them; an object of GQA's questions by their ids.
/// </summary>
internal sealed class QuestionReader(QuestionDataOptions options, QuestionLayout layout, QuestionPictures pictures, AnswerPool pool, DataSetProblems problems, RowProblems rows)
{
    private const string Questions = "questions";
    private readonly VqaAnnotations _annotations = new(pool, rows, (place, problem) => problems.Add(place, problem));

    /// <summary>All questions of some files; of one that is missing a problem.</summary>
    /// <param name="files">The files.</param>
    /// <param name="option">The option that names them.</param>
    /// <param name="answered">Whether every question must have its answer.</param>
    /// <param name="measured">Whether what figures are made of is kept.</param>
    internal Question[] Read(IReadOnlyList<QuestionFile> files, string option, bool answered, bool measured)
    {
        var questions = new List<Question>();
        foreach (QuestionFile file in files)
        {
            if (file.Paths.Count == 0)
            {
                problems.Add(file.Name, $"is not among the question files in {layout.Folder}; {option} names those to read");
            }

            int first = questions.Count;
            foreach (string path in file.Paths)
            {
                Read(path, answered, measured, questions);
            }

            if (measured && !problems.Any)
            {
                AttachTruths(file, questions, first);
            }
        }

        return [.. questions];
    }

    /// <summary>Whether the picture of a file's first question is there; true where the file cannot be read, which is a problem then.</summary>
    internal bool HasPictures(QuestionFile file)
    {
        foreach (string path in file.Paths)
        {
            foreach (JsonEntry entry in FirstOf(path))
            {
                return PictureOf(entry) is not { } name || Find(name) >= 0;
            }
        }

        return true;
    }

    /// <summary>Whether a file begins with a question of a benchmark; LXMERT's lists of both look alike but for the names of MS-COCO's pictures.</summary>
    internal static bool BeginsWithQuestion(string path, QuestionBenchmark benchmark)
    {
        foreach (JsonEntry entry in FirstOf(path))
        {
            bool isCoco = entry.List == Questions || entry.Value.Text("img_id")?.StartsWith("COCO_", StringComparison.Ordinal) == true;
            bool isQuestion = PictureOf(entry) is not null && (entry.Value.Text("sent") ?? entry.Value.Text("question")) is not null;
            return isQuestion && isCoco == (benchmark == QuestionBenchmark.Vqa);
        }

        return false;
    }

    /// <summary>The first question; none where the file cannot be read. Valid while it is enumerated.</summary>
    private static IEnumerable<JsonEntry> FirstOf(string path) => JsonEntries.Read(path, Path.GetFileName(path), (_, _) => { }, Questions)
        .Where(entry => entry.Value.ValueKind == JsonValueKind.Object && (entry.List.Length > 0 || entry.Name is null || entry.Value.Find("question") is not null)).Take(1);

    private static string? PictureOf(JsonEntry entry) => entry.Value.Text("img_id") ?? entry.Value.Text("image_id") ?? entry.Value.Text("imageId");

    private int Find(string picture)
    {
        int found = pictures.Find(picture);
        return found < 0 && long.TryParse(picture, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? pictures.Find(number) : found;
    }

    private void Read(string path, bool answered, bool measured, List<Question> questions)
    {
        string name = Path.GetFileName(path);
        Dictionary<string, AnnotatedAnswers>? annotations = null;
        bool any = false;
        foreach (JsonEntry entry in JsonEntries.Read(path, name, (place, problem) => problems.Add(place, problem), Questions))
        {
            if (entry.List.Length == 0 && entry.Name is not null && entry.Value.Find("question") is null)
            {
                // What VQAv2's files say of themselves.
                continue;
            }

            any = true;
            if (entry.Value.ValueKind != JsonValueKind.Object)
            {
                rows.Add(entry.Place, $"is not a question but {entry.Value.ValueKind}", "is not a question");
            }
            else if (entry.List == Questions)
            {
                annotations ??= Annotations(name, answered, measured);
                OfVqa(entry, annotations, answered, questions);
            }
            else if (entry.Name is not null)
            {
                OfGqa(entry, answered, measured, questions);
            }
            else
            {
                OfLxmert(entry, answered, questions);
            }
        }

        if (!any && !problems.Any)
        {
            problems.Add(name, $"has no questions; expected {QuestionLayout.Expected(options.Benchmark)}");
        }
    }

    private void OfLxmert(JsonEntry entry, bool answered, List<Question> questions)
    {
        if (Begin(entry, entry.Value.Text("question_id"), "question_id", "sent", "img_id") is not { } question)
        {
            return;
        }

        JsonElement? label = entry.Value.Find("label");
        if (label is null && !answered)
        {
            questions.Add(question);
        }
        else if (label is not { ValueKind: JsonValueKind.Object } given)
        {
            rows.Add(entry.Place, "has no label, as in {\"label\": {\"yes\": 1}}", "a question without its answers");
        }
        else if (LabelsOf(entry.Place, given) is { } labels)
        {
            if (labels.Best is { } best && answered)
            {
                pool.Count(best);
            }

            questions.Add(question with { Labels = labels });
        }
    }

    private AnswerLabels? LabelsOf(string place, JsonElement label)
    {
        var answers = new List<int>();
        var scores = new List<float>();
        foreach (JsonProperty pair in label.EnumerateObject())
        {
            if (pair.Value.ValueKind != JsonValueKind.Number || !pair.Value.TryGetSingle(out float score) || score is not (>= 0 and <= 1))
            {
                rows.Add(place, $"gives its answer \"{pair.Name}\" the score {pair.Value.GetRawText()}; expected a number from 0 to 1", "a score that is none");
                return null;
            }

            int answer = pool.Of(pair.Name);
            if (options.Benchmark == QuestionBenchmark.Vqa && !pool.IsKnown(answer))
            {
                // The scores were made with another table.
                rows.Add(place, $"its answer is \"{pair.Name}\", which the table of answers ({AnswerTable.Places}) does not have", "an answer outside the table");
                return null;
            }

            if (score > 0)
            {
                answers.Add(answer);
                scores.Add(score);
            }
        }

        return answers.Count == 0 ? AnswerLabels.None : answers.Count == 1 && scores[0] == 1 ? pool.Only(answers[0]) : new AnswerLabels([.. answers], [.. scores]);
    }

    private void OfVqa(JsonEntry entry, Dictionary<string, AnnotatedAnswers> annotations, bool answered, List<Question> questions)
    {
        if (Begin(entry, entry.Value.Text("question_id"), "question_id", "question", "image_id") is not { } question)
        {
            return;
        }

        if (annotations.Remove(question.Id, out AnnotatedAnswers? annotated))
        {
            if (answered)
            {
                pool.Count(annotated.Main);
            }

            questions.Add(question with { Labels = annotated.Labels, Truth = annotated.Truth });
        }
        else if (answered)
        {
            rows.Add(entry.Place, $"the question {question.Id} has no annotation", "a question without its answers");
        }
        else
        {
            questions.Add(question);
        }
    }

    private void OfGqa(JsonEntry entry, bool answered, bool measured, List<Question> questions)
    {
        if (Begin(entry, entry.Name, "id", "question", "imageId") is not { } question)
        {
            return;
        }

        if (entry.Value.Text("answer") is not { } text)
        {
            if (answered)
            {
                rows.Add(entry.Place, $"the question {question.Id} has no answer", "a question without its answers");
            }
            else
            {
                questions.Add(question);
            }

            return;
        }

        int answer = pool.Of(text);
        if (answered)
        {
            pool.Count(answer);
        }

        questions.Add(question with { Labels = pool.Only(answer), Truth = measured ? GqaFiles.TruthOf(question.Id, entry.Value) : null });
    }

    /// <summary>A question without its answers; null where a part is missing, which is a problem of its row.</summary>
    private Question? Begin(JsonEntry entry, string? id, string idName, string textName, string pictureName)
    {
        string? text = entry.Value.Text(textName)?.Trim();
        string? picture = entry.Value.Text(pictureName);
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(text) || string.IsNullOrEmpty(picture))
        {
            string missing = string.IsNullOrEmpty(id) ? idName : string.IsNullOrEmpty(text) ? textName : pictureName;
            rows.Add(entry.Place, missing == pictureName ? $"the question {id} has no picture ({pictureName})" : $"has no {missing}", $"a question without {missing}");
            return null;
        }

        int found = Find(picture);
        if (found >= 0)
        {
            return new Question(id, text, found, null);
        }

        rows.Add(entry.Place, $"the picture {picture} of the question {id} is not in {pictures.Folder}", "a question whose picture is not there");
        return null;
    }

    private Dictionary<string, AnnotatedAnswers> Annotations(string questions, bool answered, bool measured)
    {
        string name = questions.Replace("OpenEnded_", "", StringComparison.Ordinal).Replace("questions", "annotations", StringComparison.Ordinal);
        IReadOnlyList<string> paths = layout.Beside(name);
        if (paths.Count == 0 && answered)
        {
            problems.Add(name, $"is not beside {questions}, whose answers it has");
        }

        return _annotations.Read(paths, measured);
    }

    /// <summary>Adds what figures are made of from the benchmark's own files where they lie beside those of LXMERT, and GQA's choices.</summary>
    private void AttachTruths(QuestionFile file, List<Question> questions, int first)
    {
        var wanted = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = first; i < questions.Count; i++)
        {
            wanted.TryAdd(questions[i].Id, i);
        }

        if (options.Benchmark == QuestionBenchmark.Vqa)
        {
            if (first < questions.Count && questions[first] is { Truth: null, Labels: not null })
            {
                _annotations.Attach(layout.Beside("v2_mscoco_val2014_annotations.json"), wanted, questions);
            }

            return;
        }

        string tier = file.Name.Split('_')[0] is "valid" ? "val" : file.Name.Split('_')[0];
        var gqa = new GqaFiles((place, problem) => problems.Add(place, problem));
        if (first < questions.Count && questions[first] is { Truth: null, Labels: not null })
        {
            gqa.AttachTruths(layout.Beside($"{tier}_balanced_questions.json"), wanted, questions);
        }

        gqa.AttachChoices(layout.Beside($"{tier}_choices.json"), wanted, questions);
    }
}
