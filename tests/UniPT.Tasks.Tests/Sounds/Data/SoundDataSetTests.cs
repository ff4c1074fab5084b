using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.Sounds.Data;
using UniPT.Testing;
using UniPT.Training.Contracts;

namespace UniPT.Tasks.Tests.Sounds.Data;

public sealed class SoundDataSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _written;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FoldersAreSplitsAndLabels()
    {
        foreach (string file in (string[])["train/b/1.wav", "train/a/1.wav", "train/a/2.WAV", "dev/a/3.wav", "test/b/4.wav"])
        {
            Write(file);
        }

        using SoundDataSet set = Open();
        Assert.Equal(["a", "b"], set.Labels);
        Assert.Equal(["train/a/1.wav", "train/a/2.WAV", "train/b/1.wav"], set.Train.Examples.Select(example => example.File));
        Assert.Equal([0, 0, 1], set.Train.Examples.Select(example => example.Label));
        Assert.Equal(("dev/", "test/"), (set.Val.Origin, set.Test.Origin));
        Assert.Empty(set.Notices);
    }

    /// <summary>Labels may also stand around splits that every one of them has.</summary>
    [Fact]
    public void WithoutSplitsAHashDividesThem()
    {
        for (int i = 0; i < 20; i++)
        {
            Write($"sounds/{(i % 2 == 0 ? "a" : "b")}/{i}.wav");
        }

        using SoundDataSet set = Open();
        Assert.Equal((16, 2, 2), (set.Train.Examples.Count, set.Val.Examples.Count, set.Test.Examples.Count));
        Assert.Equal("80 % of the recordings, by a hash of the names", set.Train.Origin);
        Assert.Contains("has no splits; 2 recordings are held out for val and 2 for test, always the same.", set.Notices[0]);
    }

    [Fact]
    public void ATableNamesFilesLabelsAndSplits()
    {
        foreach (int i in Enumerable.Range(0, 4))
        {
            Write($"audio/{i}.wav");
        }

        File.WriteAllText(_folder.File("set", "all.csv"), "file,label,split\naudio/0.wav,10,train\naudio/1.wav,9,train\naudio/2.wav,9,val\naudio/3.wav,10,test\n");
        using SoundDataSet set = Open();
        Assert.Equal(["9", "10"], set.Labels);
        Assert.Equal(["audio/0.wav", "audio/1.wav"], set.Train.Examples.Select(example => example.File));
        Assert.Equal("the column split of all.csv", set.Test.Origin);

        using SoundDataSet given = Open(options => options with { Labels = ["10", "9"] });
        Assert.Equal([0, 1], given.Train.Examples.Select(example => example.Label));
        Assert.NotEqual(set.Fingerprint, given.Fingerprint);
    }

    [Fact]
    public void TablesNamedAsSplitsAreSplits()
    {
        foreach (int i in Enumerable.Range(0, 4))
        {
            Write($"{i}.wav");
        }

        File.WriteAllText(_folder.File("set", "train.csv"), "path,word\n0.wav,a\n1.wav,b\n");
        File.WriteAllText(_folder.File("set", "test.csv"), "path,word\n2.wav,a\n3.wav,b\n");
        using SoundDataSet set = Open(options => options with { File = "path", Label = "word" });
        Assert.Equal((1, 1, 2), (set.Train.Examples.Count, set.Val.Examples.Count, set.Test.Examples.Count));
        Assert.Contains("has no examples for val; 1 of train are held out for it, always the same.", set.Notices[0]);
    }

    /// <summary>Where the files lie and what they are called is nothing of the data.</summary>
    [Fact]
    public void TheFingerprintIsOfTheContents()
    {
        Write("train/a/1.wav", 300);
        Write("train/b/2.wav", 400);
        using SoundDataSet first = Open();
        File.Move(_folder.File("set", "train", "a", "1.wav"), _folder.File("set", "train", "a", "0.wav"));
        using (SoundDataSet renamed = Open())
        {
            Assert.Equal(first.Fingerprint, renamed.Fingerprint);
        }

        Write("train/b/2.wav", 500);
        using SoundDataSet changed = Open();
        Assert.NotEqual(first.Fingerprint, changed.Fingerprint);
    }

    [Fact]
    public void WhatMakesFiguresMeanLessIsSaid()
    {
        Write("train/a/1.wav", 300);
        Write("train/b/2.wav", 400, rate: 44_100);
        Write("val/b/3.wav", 400, rate: 8000);
        Write("test/a/4.wav", 300);
        using SoundDataSet set = Open(options => options with { Labels = ["a", "b", "c"] });
        Assert.Equal(
            [
                "2 of 4 recordings of set have another rate than 16000 samples a second (8000, 44100) and are resampled.",
                "No example of train in set has the label c; it cannot be learned.",
                "1 example of set is in another split too; figures of recordings that were trained on are too high.",
            ],
            set.Notices);
    }

    [Fact]
    public void EveryProblemIsNamedByItsFile()
    {
        Write("train/a/1.wav");
        Write("train/b/2.wav");
        Write("train/loose.wav");
        Write("val/c/3.wav");
        Put("train/a/empty.wav", []);
        Put("train/a/text.wav", "no sound at all"u8.ToArray());
        Put("test/a/cut.wav", Waves.Pcm16([0.1, 0.2, 0.3])[..^1]);
        Put("test/b/short.wav", Waves.Pcm16([]));
        Assert.Contains("train/loose.wav: lies in no folder that is named as its label", Problems());
        File.Delete(_folder.File("set", "train", "loose.wav"));
        string problems = Problems();
        Assert.Contains("train/a/empty.wav: is empty (0 bytes)", problems);
        Assert.Contains("test/a/cut.wav: is cut off: a part of it has 6 bytes, of which 5 are there.", problems);
        Assert.Contains("test/b/short.wav: has no samples; expected a sound of some length.", problems);
        Assert.Contains("… and 1 more: a recording that cannot be read", problems);
        File.Delete(_folder.File("set", "test", "a", "cut.wav"));
        Assert.Contains("train/a/text.wav: is no sound; expected a WAV file.", Problems());

        Write("test/a/5.wav");
        using SoundDataSet set = Open(options => options with { SkipBad = true });
        Assert.Equal((2, 1), (set.Train.Examples.Count, set.Test.Examples.Count));
        Assert.Contains(set.Notices, notice => notice.StartsWith("4 rows of set cannot be used and are left out; the first is", StringComparison.Ordinal));
        foreach (string bad in (string[])["train/a/empty.wav", "train/a/text.wav", "test/b/short.wav"])
        {
            File.Delete(_folder.File(["set", .. bad.Split('/')]));
        }

        Assert.Contains("val/c/3.wav: its label is \"c\", which train does not have; it has a, b", Problems());
    }

    [Theory]
    [InlineData("file,word\n1.wav,a\n", "all.csv: has no column label (data.label); its columns are file, word")]
    [InlineData("file,label\n1.wav,\n", "all.csv:2: has no label")]
    [InlineData("file,label,split\n1.wav,a,later\n", "all.csv:2: split is \"later\"; expected train, val or test")]
    [InlineData("file,label\n1.wav,a\n2.wav,b\n", "all.csv:3: 2.wav does not exist")]
    [InlineData("file,label\n1.wav,a\n", "train: all of its examples have the label a; there is nothing to tell apart")]
    [InlineData("file,label,split\n1.wav,a,test\n", "train: there is no example to train on; the splits found are test from the column split of all.csv")]
    public void ATableThatDoesNotFitIsNamed(string table, string sentence)
    {
        Write("1.wav");
        File.WriteAllText(_folder.File("set", "all.csv"), table);
        Assert.Contains(sentence, Problems());
    }

    [Fact]
    public void AFolderWithoutRecordingsIsRefused()
    {
        Put("notes.txt", [1]);
        Assert.Contains("holds no recordings; expected WAV files in folders by their labels, or a table with the columns file and label", Problems());
    }

    [Fact]
    public void InspectSaysWhatIsThere()
    {
        Write("train/a/1.wav");
        Write("train/b/2.wav");
        Write("test/b/3.wav");
        IReadOnlyList<string> lines = TaskRegistry.Get("sounds").Describe!(_folder.File("set"), false)!;
        Assert.Equal("  train: 1, train/", lines[1]);
        Assert.Equal("  2 labels: a, b", lines[4]);
        Put("empty/notes.txt", [1]);
        Assert.Null(TaskRegistry.Get("sounds").Describe!(_folder.File("set", "empty"), false));
        Assert.Null(TaskRegistry.Get("sounds").Describe!(_folder.File("set", "train", "a", "1.wav"), false));
    }

    private SoundDataSet Open(Func<SoundDataOptions, SoundDataOptions>? change = null)
    {
        var options = new SoundDataOptions { Path = _folder.File("set") };
        return SoundDataSet.Open(change?.Invoke(options) ?? options, seed: 1);
    }

    private string Problems() => Assert.Throws<DataSetException>(() => Open()).Message;

    /// <summary>A short tone, every time another one where none is asked for.</summary>
    private void Write(string file, double? hertz = null, int rate = 16_000) => Put(file, Waves.Pcm16(Waves.Sine(hertz ?? (200 + (10 * _written++)), 0.02, rate), rate));

    private void Put(string file, byte[] bytes)
    {
        string path = _folder.File(["set", .. file.Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
