using System.Globalization;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Questions.Data;

/// <summary>A part of a data set of questions.</summary>
/// <param name="Name"><c>train</c>, <c>val</c> or <c>test</c>.</param>
/// <param name="Questions">Its questions, in the order of the files.</param>
/// <param name="Origin">The files.</param>
internal sealed record QuestionSplit(string Name, IReadOnlyList<Question> Questions, string Origin)
{
    /// <summary>Whether the right answers are known.</summary>
    internal bool HasAnswers => Questions.Count > 0 && Questions[0].Labels is not null;

    /// <summary>How many pictures they are about.</summary>
    internal int Pictures => Questions.Select(question => question.Picture).Distinct().Count();
}

/// <summary>Questions about pictures with a table of answers, opened from the files of VQAv2 or GQA.</summary>
internal sealed class QuestionSet
{
    private QuestionSet(QuestionPictures pictures, IReadOnlyList<string> answers, IReadOnlyList<QuestionSplit> splits, IReadOnlyList<string> notices)
    {
        (Pictures, Answers, Splits, Notices) = (pictures, answers, splits, notices);
        Fingerprint = DataSetFingerprint.Of(Write);
    }

    /// <summary>The picture files.</summary>
    internal QuestionPictures Pictures { get; }

    /// <summary>The table of answers.</summary>
    internal IReadOnlyList<string> Answers { get; }

    /// <summary>Train, val and test.</summary>
    internal IReadOnlyList<QuestionSplit> Splits { get; }

    /// <summary>What a user should know, a sentence each.</summary>
    internal IReadOnlyList<string> Notices { get; }

    /// <summary>Hexadecimal SHA-256 over questions, answers, and names and lengths of their pictures.</summary>
    internal string Fingerprint { get; }

    /// <summary>The questions to learn from.</summary>
    internal QuestionSplit Train => Splits[0];

    /// <summary>Opens a data set: reads the question files once each, and the headers of their pictures.</summary>
    /// <exception cref="DataSetException">It has problems; all of them are named.</exception>
    /// <exception cref="UserException">There is no such folder, or no questions in it.</exception>
    internal static QuestionSet Open(QuestionDataOptions options)
    {
        if (!Directory.Exists(options.Path))
        {
            throw new UserException($"Data set {options.Path} {(File.Exists(options.Path) ? "is a file" : "does not exist")}; a folder with questions and pictures was expected.");
        }

        QuestionLayout layout = QuestionLayout.Find(options)
            ?? throw new UserException($"{options.Path} has no questions of {options.Benchmark.ToString().ToUpperInvariant()}; expected {QuestionLayout.Expected(options.Benchmark)} in it.");
        string folder = layout.Images
            ?? throw new UserException($"No folder of pictures was found beside the questions in {layout.Folder}; data.images says where they are.");
        return new Opening(options, layout, QuestionPictures.Open(folder)).Run();
    }

    /// <summary>The same questions with another table of answers; those that it lacks become wrong ones.</summary>
    internal QuestionSet With(IReadOnlyList<string> answers) => new(Pictures, answers, [.. Splits.Select(split => split with { Questions = Moved(split.Questions, Answers, answers) })], Notices);

    private static IReadOnlyList<Question> Moved(IReadOnlyList<Question> questions, IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        Dictionary<string, int> places = to.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        int[] moves = [.. from.Select(answer => places.GetValueOrDefault(answer, -1))];
        var moved = new Dictionary<AnswerLabels, AnswerLabels>(ReferenceEqualityComparer.Instance);
        return [.. questions.Select(question => question.Labels is { } labels ? question with { Labels = Move(labels) } : question)];

        AnswerLabels Move(AnswerLabels labels)
        {
            // Many questions share their labels.
            if (!moved.TryGetValue(labels, out AnswerLabels? known))
            {
                known = labels.Moved(moves);
                moved.Add(labels, known);
            }

            return known;
        }
    }

    private void Write(BinaryWriter writer)
    {
        writer.Write(Answers.Count);
        foreach (string answer in Answers)
        {
            writer.Write(answer);
        }

        foreach (QuestionSplit split in Splits)
        {
            writer.Write(split.Questions.Count);
            foreach (Question question in split.Questions)
            {
                writer.Write(question.Id);
                writer.Write(question.Text);
                writer.Write(Path.GetFileName(Pictures.NameOf(question.Picture)));
                writer.Write(Pictures.SizeOf(question.Picture));
                foreach ((int answer, float score) in question.Labels is { } labels ? labels.Answers.Zip(labels.Scores) : [])
                {
                    writer.Write(answer);
                    writer.Write(score);
                }
            }
        }
    }

    /// <summary>What opening needs on its way.</summary>
    private sealed class Opening
    {
        private readonly QuestionDataOptions _options;
        private readonly QuestionLayout _layout;
        private readonly QuestionPictures _pictures;
        private readonly DataSetProblems _problems = new();
        private readonly RowProblems _rows;
        private readonly List<string> _notices = [];
        private readonly AnswerPool _pool;
        private readonly QuestionReader _reader;
        private readonly string _set;

        internal Opening(QuestionDataOptions options, QuestionLayout layout, QuestionPictures pictures)
        {
            (_options, _layout, _pictures) = (options, layout, pictures);
            _set = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Path)));
            _rows = new RowProblems(_problems, options.SkipBad);
            _pool = new AnswerPool(AnswerTable.Read(layout.Folder, _problems));
            _reader = new QuestionReader(options, layout, pictures, _pool, _problems, _rows);
        }

        internal QuestionSet Run()
        {
            _problems.ThrowIfAny(_options.Path);
            QuestionSplit[] read =
            [
                Read("train", _layout.Train, "data.train", answered: true), Read("val", _layout.Val, "data.val", answered: true), Read("test", TestFiles(), "data.test", answered: false),
            ];
            read = WithoutBadPictures(read);
            if (!_problems.Any && read[0].Questions.Count == 0)
            {
                _problems.Add("train", "there is no question to train on");
            }

            IReadOnlyList<string> table = _pool.Table(_options.Least);
            if (!_problems.Any && table.Count == 0)
            {
                _problems.Add("train", $"no answer is the right one of {_options.Least} questions (data.least_occurrences), so that the table of answers would be empty");
            }

            if (!_problems.Any && read[2].Questions.GroupBy(question => question.Labels is null).Count() > 1)
            {
                _problems.Add("test", $"some of its questions have answers and {read[2].Questions.Count(question => question.Labels is null)} have none; expected all or none");
            }

            _problems.ThrowIfAny(_options.Path, _rows.Any && !_options.SkipBad ? "Mend the files, or leave such questions out with data.skip_bad: true (--skip-bad)." : null);
            QuestionSplit[] splits = [.. read.Select(split => KnownOnly(split with { Questions = Moved(split.Questions, _pool.Answers, table) }))];
            foreach (string? notice in (string?[])
            [
                _rows.Notice(_set),
                _pool.HasTable ? null : string.Create(CultureInfo.InvariantCulture, $"{_set} has no {AnswerTable.Places}; the table of answers is made of the {table.Count:N0} that are right at least {Times(_options.Least)} in train and val."),
                LabelList.RepeatedNotice(_set, "questions", splits.Select(split => split.Questions.Select(question => question.Id))),
                .. QuestionNotices.OfFigures(_options.Benchmark, splits),
            ])
            {
                if (notice is not null)
                {
                    _notices.Add(notice);
                }
            }

            return new QuestionSet(_pictures, table, splits, [.. _notices.Select(PrintableText.Of)]);
        }

        private static string Times(int count) => count == 1 ? "once" : $"{count} times";

        private QuestionSplit Read(string name, IReadOnlyList<QuestionFile> files, string option, bool answered) =>
            new(name, _reader.Read(files, option, answered, measured: name != "train"), string.Join(" and ", files.Select(file => file.Name)));

        /// <summary>Those of the test split; none where nobody named them and they or their pictures are not there.</summary>
        private IReadOnlyList<QuestionFile> TestFiles()
        {
            if (!_layout.IsTestPublished)
            {
                return _layout.Test;
            }

            QuestionFile[] there = [.. _layout.Test.Where(file => file.Paths.Count > 0)];
            if (there.FirstOrDefault(file => !_reader.HasPictures(file)) is not { } without)
            {
                return there;
            }

            _notices.Add($"The questions of {without.Name} are not read, because their pictures are not in {_pictures.Folder}; data.test asks for them by name.");
            return [];
        }

        private QuestionSplit[] WithoutBadPictures(QuestionSplit[] splits)
        {
            foreach ((int picture, string reason) in _pictures.Measure(splits.SelectMany(split => split.Questions).Select(question => question.Picture), _options.Workers))
            {
                string name = _pictures.NameOf(picture);
                _rows.Add(name, DataSetProblems.Reason(reason, name), "a picture that cannot be read");
            }

            return [.. splits.Select(split => split with { Questions = [.. split.Questions.Where(question => !_pictures.IsBad(question.Picture))] })];
        }

        private QuestionSplit KnownOnly(QuestionSplit split)
        {
            Question[] known = [.. split.Questions.Where(question => question.Labels is not { Answers.Length: 0 })];
            int unknown = split.Questions.Count - known.Length;
            if (unknown == 0)
            {
                return split;
            }

            string what = _options.OnlyKnownAnswers ? "are left out" : split.Name == "train" ? "teach that nothing is right" : "count as wrong";
            _notices.Add(string.Create(CultureInfo.InvariantCulture, $"Of {unknown:N0} of {split.Questions.Count:N0} questions of {split.Name} no answer is in the table; they {what} (data.only_known_answers)."));
            return _options.OnlyKnownAnswers ? split with { Questions = known } : split;
        }
    }
}
