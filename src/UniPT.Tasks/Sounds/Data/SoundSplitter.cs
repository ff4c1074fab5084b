using System.Globalization;
using System.Security.Cryptography;
using UniPT.Backbones.Media;
using UniPT.Backbones.Whisper;
using UniPT.Tasks.Shared.Classification;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.Sounds.Data;

/// <summary>Makes a data set of the recordings that were found: reads each once, divides them into splits and looks up their labels.</summary>
internal sealed class SoundSplitter(DataSetFiles files, SoundDataOptions options, DataSetProblems problems)
{
    private readonly string _set = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(files.Path)));
    private readonly List<string> _notices = [];

    /// <summary>The data set; null after a problem.</summary>
    public SoundDataSet? Split(IReadOnlyList<FoundSound> found, long seed)
    {
        if (problems.Any)
        {
            return null;
        }

        var rows = new RowProblems(problems, options.SkipBad);
        ReadSound[] read = Read(found, rows);
        string[]? origins = found.Any(sound => sound.Split is not null) ? [.. Enumerable.Range(0, SplitName.Splits.Length).Select(split => Origin(found, split))] : null;
        var divider = new ExampleSplits(_set, "recordings", "names", problems, _notices);
        if (problems.Any || divider.Divide(read, sound => sound.Found.File, sound => sound.Found.Split, origins, seed) is not var (splits, from))
        {
            return null;
        }

        // Where a hash holds recordings out, the labels of those are known as well.
        IReadOnlyList<string> labels = LabelList.Of(read.Where(sound => sound.Found.Split is null or 0).Select(sound => sound.Found.Label), options.Labels, problems);
        Dictionary<string, int> indices = labels.Select((label, index) => (label, index)).ToDictionary(StringComparer.Ordinal);
        SoundSplit[] done = [.. splits.Select((split, i) => new SoundSplit([.. split.Select(sound => Labelled(sound, indices, rows)).OfType<SoundExample>()], from[i]))];
        if (!problems.Any && done[0].Examples.Count == 0)
        {
            problems.Add("train", "there is no example to train on");
        }

        if (problems.Any)
        {
            return null;
        }

        NoticeRates(read);
        foreach (string? notice in (string?[])
        [
            rows.Notice(_set),
            LabelList.UnseenNotice(_set, labels, done[0].Examples.Select(example => example.Label)),
            LabelList.RepeatedNotice(_set, "recordings", done.Select(split => split.Examples.Select(example => example.Content))),
        ])
        {
            if (notice is not null)
            {
                _notices.Add(notice);
            }
        }

        return new SoundDataSet(files, labels, done, [.. _notices.Select(PrintableText.Of)]);
    }

    private static string Origin(IReadOnlyList<FoundSound> found, int split)
    {
        string[] origins = [.. found.Where(sound => sound.Split == split).Select(sound => sound.Origin!).Distinct()];
        return origins.Length == 0 ? "nowhere" : string.Join(" and ", origins);
    }

    /// <summary>Those that can be read, with what is remembered of each.</summary>
    private ReadSound[] Read(IReadOnlyList<FoundSound> found, RowProblems rows)
    {
        var read = new ReadSound?[found.Count];
        var reasons = new string?[found.Count];
        Threads.For(found.Count, options.Workers, i =>
        {
            string file = found[i].File;
            try
            {
                if (files.FindProblem(file) is { } problem)
                {
                    throw new UserException($"{file} {problem}");
                }

                byte[] bytes = files.Read(file);
                Recording recording = WaveFile.Decode(bytes, file);
                read[i] = new ReadSound(found[i], Convert.ToHexStringLower(SHA256.HashData(bytes)), recording.Rate, SoundInputs.FramesOf(recording));
            }
            catch (UserException error)
            {
                reasons[i] = error.Message;
            }
        });
        for (int i = 0; i < found.Count; i++)
        {
            if (reasons[i] is { } reason)
            {
                (string place, string file) = (found[i].Place, found[i].File);
                rows.Add(place, place == file ? DataSetProblems.Reason(reason, file) : reason, "a recording that cannot be read");
            }
        }

        return [.. read.OfType<ReadSound>()];
    }

    private SoundExample? Labelled(ReadSound sound, Dictionary<string, int> indices, RowProblems rows)
    {
        if (indices.TryGetValue(sound.Found.Label, out int label))
        {
            return new SoundExample(sound.Found.File, label, sound.Content, sound.Frames);
        }

        rows.Add(sound.Found.Place, $"its label is \"{sound.Found.Label}\"{LabelList.Unknown(indices.Keys, options.Labels.Count > 0)}", "its label is not known");
        return null;
    }

    private void NoticeRates(ReadSound[] read)
    {
        int[] others = [.. read.Where(sound => sound.Rate != LogMelSpectrogram.Rate).Select(sound => sound.Rate)];
        if (others.Length > 0)
        {
            string rates = string.Join(", ", others.Distinct().Order().Select(rate => rate.ToString(CultureInfo.InvariantCulture)));
            _notices.Add($"{others.Length} of {read.Length} recordings of {_set} have another rate than {LogMelSpectrogram.Rate} samples a second ({rates}) and are resampled.");
        }
    }

    private sealed record ReadSound(FoundSound Found, string Content, int Rate, int Frames);
}
