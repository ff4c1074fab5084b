using UniPT.Backbones.Media;
using UniPT.Tasks.Shared.DataSets;

namespace UniPT.Tasks.VideoRetrieval.Data;

/// <summary>What a look at a film found: its rate and its frames, or why it cannot be used.</summary>
/// <param name="Rate">As <see cref="VideoFile.Rate"/>.</param>
/// <param name="Frames">As <see cref="VideoFile.Frames"/>.</param>
/// <param name="Problem">Null for a film that can be read.</param>
internal sealed record FilmLook(string? Rate, int Frames, string? Problem);

/// <summary>Looks at films before they are used, which takes a program's start for each. What was found is kept in the user's cache by the films' contents.</summary>
internal static class FilmLooks
{
    /// <summary>To be raised when films are looked at in another way.</summary>
    private const int Version = 1;

    /// <summary>What is found of each.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="contents">Theirs, as <see cref="FilmContents"/> tells them.</param>
    /// <param name="threads">How many at a time.</param>
    /// <exception cref="UserException">The programs that films are read by are not there.</exception>
    internal static IReadOnlyList<FilmLook> At(IReadOnlyList<string> paths, IReadOnlyList<string> contents, int threads)
    {
        string fingerprint = DataSetFingerprint.Of(writer =>
        {
            foreach (string content in contents)
            {
                writer.Write(content);
            }
        });
        return KeptFindings.Of<FilmLook>(
            "films", fingerprint, Version, kept => kept.Length == paths.Count && kept.All(look => look is { Frames: > 0 } or { Problem: not null }), () =>
            {
                if (paths.Any(path => !Directory.Exists(path)))
                {
                    VideoFile.RequirePrograms();
                }

                var looks = new FilmLook[paths.Count];
                Threads.For(paths.Count, threads, i => looks[i] = At(paths[i]));
                return looks;
            });
    }

    private static FilmLook At(string path)
    {
        try
        {
            VideoFile film = VideoFile.Open(path);
            return new FilmLook(film.Rate, film.Frames, null);
        }
        catch (UserException error)
        {
            return new FilmLook(null, 0, DataSetProblems.Reason(error.Message, path));
        }
    }
}
