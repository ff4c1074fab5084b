using System.Text;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Tasks.VideoRetrieval.Data;
using UniPT.Testing;
using UniPT.Testing.Published;
using UniPT.Tests;

namespace UniPT.Tasks.Tests.VideoRetrieval.Data;

/// <summary>What is read of each format, and what is said of what is wrong with it.</summary>
public sealed class FilmDataSetTests : IDisposable
{
    private const int Train = VideoRetrievalSample.TrainFilms;
    private const int Val = VideoRetrievalSample.ValFilms;
    private const int Test = VideoRetrievalSample.TestFilms;
    private readonly TemporaryFolder _folder = new();
    private readonly string? _cache = Environment.GetEnvironmentVariable(UserCache.Variable);

    public FilmDataSetTests() => Environment.SetEnvironmentVariable(UserCache.Variable, _folder.File("cache"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(UserCache.Variable, _cache);
        _folder.Dispose();
    }

    [Fact]
    public void MsrVttIsRead()
    {
        FilmDataSet set = Open(Write(VideoLayout.MsrVtt));
        Assert.Equal("MSR-VTT", set.Format);
        Assert.Equal([Train + Val - 1, 1, Test], set.Splits.Select(part => part.Split.Films.Count));
        Assert.Equal(["MSRVTT_train.9k.csv", "a tenth of MSRVTT_train.9k.csv, by a hash of the names", "MSRVTT_JSFUSION_test.csv"], set.Splits.Select(part => part.Split.Origin));
        Assert.All(set.Train.Films, film => Assert.Equal(VideoRetrievalSample.CaptionsOf(int.Parse(film.Name[5..])), film.Captions));
        Assert.All(set.Splits[2].Split.Films, film => Assert.Equal(VideoRetrievalSample.CaptionsOf(int.Parse(film.Name[5..])).Take(1), film.Captions));
        Assert.Contains("data has no examples for val; 1 of train are held out for it, always the same.", set.Notices);
    }

    [Fact]
    public void OtherListsOfMsrVttAreAnOption()
    {
        string data = Write(VideoLayout.MsrVtt);
        FilmDataSet set = Open(data, options => options with { TrainList = "MSRVTT_train.7k.csv", Validation = ValidationFilms.Test });
        Assert.Equal([Train + Val - 2, Test, Test], set.Splits.Select(part => part.Split.Films.Count));
        Assert.Equal(set.Splits[2].Split.Films.Select(film => film.Name), set.Splits[1].Split.Films.Select(film => film.Name));
        Assert.Contains("6 captions in MSRVTT_data.json are of films that no list names and are not used.", set.Notices);
        Assert.Contains("The best epoch is chosen by the films of test, as the published code does (data.validation: test); figures of test are too high by that.", set.Notices);
        Assert.DoesNotContain(set.Notices, notice => notice.Contains("another split"));
        File.Delete(Path.Combine(data, "MSRVTT_train.9k.csv"));
        Assert.Equal("MSRVTT_train.7k.csv", Open(data).Train.Origin);
    }

    [Fact]
    public void MsvdIsRead()
    {
        FilmDataSet set = Open(Write(VideoLayout.Msvd));
        Assert.Equal("MSVD", set.Format);
        Assert.Equal([Train, Val, Test], set.Splits.Select(part => part.Split.Films.Count));
        Assert.Equal([3 * Train, 3 * Val, 3 * Test], set.Splits.Select(part => part.Split.Captions));
        Assert.Equal(VideoRetrievalSample.CaptionsOf(0), set.Train.Films[0].Captions);
        Assert.Equal(["6 captions in raw-captions.pkl are of films that no list names and are not used."], set.Notices);
    }

    [Fact]
    public void ATableIsRead()
    {
        string data = Write(VideoLayout.Table);
        FilmDataSet set = Open(data);
        Assert.Equal([Train, Val, Test], set.Splits.Select(part => part.Split.Films.Count));
        Assert.Equal("films/video0", set.Train.Films[0].Name);
        Assert.Equal(VideoRetrievalSample.CaptionsOf(0), set.Train.Films[0].Captions);

        // One caption a row, no splits, other names, and films that lie elsewhere.
        Directory.Move(Path.Combine(data, "films"), _folder.File("elsewhere"));
        File.Delete(Path.Combine(data, "films.jsonl"));
        File.WriteAllLines(Path.Combine(data, "a.csv"), Enumerable.Range(0, 20).Select(row => $"video{row % 10},\"sentence {row}, of a film\"").Prepend("film,says"));
        FilmDataSet other = Open(data, options => options with { File = "film", Caption = "says", Videos = _folder.File("elsewhere") });
        Assert.Equal([8, 1, 1], other.Splits.Select(part => part.Split.Films.Count));
        Assert.All(other.Train.Films, film => Assert.Equal(2, film.Captions.Count));
        Assert.Contains("data has no splits; 1 films are held out for val and 1 for test, always the same.", other.Notices);
    }

    [Fact]
    public void TheFingerprintTellsContents()
    {
        string data = Write(VideoLayout.Msvd);
        string before = Open(data).Fingerprint;
        Directory.Move(data, _folder.File("moved"));
        data = _folder.File("moved");
        Assert.Equal(before, Open(data).Fingerprint);
        string frame = Directory.GetFiles(Path.Combine(data, "Compress_Videos", VideoRetrievalSample.IdOf(0, VideoLayout.Msvd)))[0];
        byte[] bytes = File.ReadAllBytes(frame);
        bytes[^1]++;
        File.WriteAllBytes(frame, bytes);
        Assert.NotEqual(before, Open(data).Fingerprint);
    }

    /// <summary>The compressed film before the original, MP4 before others, whatever they are.</summary>
    [Fact]
    public void OfSeveralFilmsOfANameThePublishedOneIsTaken()
    {
        Directory.CreateDirectory(_folder.File("films", "raw"));
        Directory.CreateDirectory(_folder.File("films", "Compress_Videos", "deep"));
        foreach (string file in (string[])["raw/a.mp4", "Compress_Videos/deep/a.webm", "raw/b.mp4", "raw/b.avi", "raw/c.MKV", "raw/d.txt"])
        {
            File.WriteAllText(_folder.File("films", file), "film");
        }

        using DataSetFiles files = DataSetFiles.Open(_folder.File("films"), new DataSetProblems());
        var films = new FilmFiles(files);
        Assert.Equal(
            ["Compress_Videos/deep/a.webm", "raw/b.mp4", "raw/c.MKV", null, null],
            new[] { "a", "b", "c", "d", "e" }.Select(films.Find));
        Assert.Equal("raw/b.avi", films.Find("raw/b.avi"));
    }

    [Fact]
    public void AFilmInTwoSplitsIsNoticed()
    {
        string data = Write(VideoLayout.Msvd);
        File.AppendAllLines(Path.Combine(data, "test_list.txt"), [VideoRetrievalSample.IdOf(0, VideoLayout.Msvd), VideoRetrievalSample.IdOf(1, VideoLayout.Msvd)]);
        Assert.Contains("2 examples of data are in another split too; figures of films that were trained on are too high.", Open(data).Notices);
    }

    [Theory]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_JSFUSION_test.csv", "MSRVTT_JSFUSION_test.csv: does not exist")]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_train.9k.csv,MSRVTT_train.7k.csv", "MSRVTT_train.9k.csv: does not exist")]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_data.json", "is no data set of films; expected MSRVTT_data.json (MSR-VTT), raw-captions.pkl (MSVD), or a table")]
    [InlineData(VideoLayout.Msvd, "val_list.txt", "val_list.txt: does not exist")]
    public void AMissingFileIsNamed(VideoLayout layout, string files, string sentence)
    {
        string data = Write(layout);
        Array.ForEach(files.Split(','), file => File.Delete(Path.Combine(data, file)));
        Assert.Contains(sentence, Problems(data));
    }

    [Theory]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_train.9k.csv", "video_id\nvideo0\nvideo77\nvideo1\n", "MSRVTT_train.9k.csv:3: there is no caption of video77")]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_train.9k.csv", "video_id\nvideo0\nvideo1\nvideo0\n", "MSRVTT_train.9k.csv:4: names video0 a second time")]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_train.9k.csv", "video\nvideo0\n", "MSRVTT_train.9k.csv: has no column video_id; its columns are video")]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_JSFUSION_test.csv", "key,vid_key,video_id,sentence\nret0,msr1,video14,a, comma\n", "MSRVTT_JSFUSION_test.csv:2: has 5 fields and the first line 4")]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_JSFUSION_test.csv", "key,vid_key,video_id,sentence\nret0,msr1,video14,\n", "MSRVTT_JSFUSION_test.csv:2: has no sentence")]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_JSFUSION_test.csv", "key,vid_key,video_id,sentence\nret0,msr1,video99,a film\n", "MSRVTT_JSFUSION_test.csv:2: there is no film video99 below ")]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_data.json", "{\"videos\": [],\n\"sentences\": [\n{\"caption\": }]}", "MSRVTT_data.json:3: is not valid JSON (byte ")]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_data.json", "{\"videos\": []}", "MSRVTT_data.json: has no list of sentences; expected one JSON object with videos and sentences")]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_data.json", "{\"sentences\": [{\"caption\": \"a\", \"video_id\": 5}]}", "MSRVTT_data.json: sentences[0]: has no video_id or no caption")]
    [InlineData(VideoLayout.MsrVtt, "MSRVTT_data.json", "{\"sentences\": [{\"caption\": \" \", \"video_id\": \"video0\"}]}", "MSRVTT_data.json: sentences[0]: has an empty caption")]
    [InlineData(VideoLayout.Msvd, "train_list.txt", "aB-c_0_1_5\n\naB-c_1_1_5\n", "train_list.txt:2: is empty; expected the id of a film")]
    [InlineData(VideoLayout.Msvd, "train_list.txt", "nobody_1_2\n", "train_list.txt:1: there is no caption of nobody_1_2")]
    [InlineData(VideoLayout.Msvd, "raw-captions.pkl", "c__main__\nCaptions\n.", "raw-captions.pkl: names __main__.Captions in its pickle; expected texts, numbers, lists and dictionaries only. Nothing of it was run.")]
    [InlineData(VideoLayout.Msvd, "raw-captions.pkl", "}(X", "raw-captions.pkl: is not a pickle that can be read: its pickle is cut off.")]
    [InlineData(VideoLayout.Msvd, "raw-captions.pkl", "].", "raw-captions.pkl: holds no dictionary; expected one from ids to lists of captions")]
    [InlineData(VideoLayout.Msvd, "raw-captions.pkl", "(dp0\nVa\nI5\ns.", "raw-captions.pkl: a: is no list of captions that are lists of words")]
    [InlineData(VideoLayout.Table, "films.jsonl", "{\"file\": \"films/video0\", \"caption\": \"a\"}\n{\"caption\": \"b\"}\n", "films.jsonl:2: has no file")]
    [InlineData(VideoLayout.Table, "films.jsonl", "{\"file\": \"films/video0\", \"caption\": \"a\"}\n{broken\n", "films.jsonl:2: is not valid JSON")]
    [InlineData(VideoLayout.Table, "films.jsonl", "{\"file\": \"films/video0\", \"caption\": \"a\", \"split\": \"somewhere\"}\n", "films.jsonl:1: split is \"somewhere\"; expected train, val or test")]
    [InlineData(VideoLayout.Table, "films.jsonl", "{\"file\": \"films/video0\", \"says\": \"a\"}\n", "films.jsonl: has no column caption (data.caption); its columns are file, says")]
    [InlineData(VideoLayout.Table, "films.jsonl", "{\"file\": \"films/none.mp4\", \"caption\": \"a\"}\n", "films.jsonl:1: there is no film films/none.mp4 below ")]
    public void AProblemHasItsPlace(VideoLayout layout, string file, string content, string sentence)
    {
        string data = Write(layout);
        File.WriteAllText(Path.Combine(data, file), content, new UTF8Encoding(false));
        Assert.Contains(sentence, Problems(data));
    }

    /// <summary>All problems of films stand in one message, and they can be left out.</summary>
    [Fact]
    public void FilmsThatCannotBeUsedAreNamedTogetherOrLeftOut()
    {
        string data = Write(VideoLayout.Msvd);
        string films = Path.Combine(data, "Compress_Videos");
        Directory.Delete(Path.Combine(films, VideoRetrievalSample.IdOf(1, VideoLayout.Msvd)), true);
        File.AppendAllLines(Path.Combine(data, "train_list.txt"), ["without_captions"]);
        string problems = Problems(data);
        Assert.Contains("has 2 problems", problems);
        Assert.Contains($"train_list.txt:2: there is no film {VideoRetrievalSample.IdOf(1, VideoLayout.Msvd)} below {data}", problems);
        Assert.Contains($"train_list.txt:{Train + 1}: there is no caption of without_captions", problems);
        FilmDataSet set = Open(data, options => options with { SkipBad = true });
        Assert.Equal(Train - 1, set.Train.Films.Count);
        Assert.Contains(set.Notices, notice => notice.StartsWith("2 rows of data cannot be used and are left out; the first is train_list.txt:", StringComparison.Ordinal));
    }

    [FfmpegFact]
    public void FilmsThatFfmpegCannotReadAreNamed()
    {
        string data = Write(VideoLayout.MsrVtt, files: true);
        string films = Path.Combine(data, "Compress_Videos");
        File.WriteAllText(Path.Combine(films, "video1.avi"), "this is no film");
        File.WriteAllBytes(Path.Combine(films, "video2.avi"), UncompressedAvi.Bytes([], 8, 8, 1));
        string problems = Problems(data);
        Assert.Contains($"MSRVTT_train.9k.csv:3: {Path.Combine("Compress_Videos", "video1.avi")} cannot be read by ffprobe: ", problems);
        Assert.Contains($"MSRVTT_train.9k.csv:4: {Path.Combine("Compress_Videos", "video2.avi")} has no ", problems);
        Assert.Equal(Train + Val - 3, Open(data, options => options with { SkipBad = true }).Train.Films.Count);
    }

    [Fact]
    public void WithoutFfmpegFilmsAreNotBlamed()
    {
        string data = Write(VideoLayout.MsrVtt, files: true);
        using IDisposable path = FilmPrograms.Path(_folder.FullName);
        Assert.StartsWith("Films are read by the programs ffmpeg and ffprobe, of which ffmpeg is not on the PATH", Assert.Throws<UserException>(() => Open(data)).Message);
    }

    [Fact]
    public void AFilmThatIsGoneIsNamed() =>
        Assert.StartsWith($"Cannot read {_folder.File("gone.mp4")}: ", Assert.Throws<UserException>(() => FilmContents.Of(_folder.File("gone.mp4"))).Message);

    [Fact]
    public void AZipIsToBeUnpacked()
    {
        File.WriteAllText(_folder.File("films.zip"), "");
        Assert.Contains("films are read from a folder, so that a zip file is to be unpacked", Assert.Throws<UserException>(() => Open(_folder.File("films.zip"))).Message);
    }

    [Theory]
    [InlineData(VideoLayout.MsrVtt, "MSR-VTT", "train  12 films, 36 captions, from MSRVTT_train.9k.csv")]
    [InlineData(VideoLayout.Msvd, "MSVD", "val    3 films, 9 captions, from val_list.txt")]
    public void InspectSaysWhatThereIs(VideoLayout layout, string format, string line)
    {
        string data = Write(layout);
        string said = string.Join('\n', FilmDataSet.Describe(data, false)!);
        Assert.Contains($"is a data set of films and captions for the task video_retrieval ({format}):", said);
        Assert.Contains(line, said);
        Assert.Contains($"{4 * (Train + Val + Test)} frames are read of them, one a second and 12 of a film at most", said);
    }

    /// <summary>Pictures with a table are another task's, and so is a table alone.</summary>
    [Fact]
    public void WhatHasNoFilmsIsAnotherTasks()
    {
        Assert.Null(FilmDataSet.Describe(EmojiSample.Write(_folder, 2), false));
        Assert.Null(FilmDataSet.Describe(Write(VideoLayout.Table), false));
        File.WriteAllText(_folder.File("a.csv"), "a,b\n1,2\n");
        Assert.Null(FilmDataSet.Describe(_folder.File("a.csv"), false));
    }

    private string Write(VideoLayout layout, bool files = false)
    {
        VideoRetrievalSample.Write(_folder.File("sample"), layout, files);
        return _folder.File("sample", "data");
    }

    private static FilmDataSet Open(string data, Func<VideoRetrievalDataOptions, VideoRetrievalDataOptions>? change = null)
    {
        var options = new VideoRetrievalDataOptions { Path = data };
        return FilmDataSet.Open(change?.Invoke(options) ?? options, 1);
    }

    private static string Problems(string data) => Assert.Throws<DataSetException>(() => Open(data)).Message;
}
