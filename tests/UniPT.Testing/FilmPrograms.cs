namespace UniPT.Testing;

/// <summary>The programs that films are read by.</summary>
public static class FilmPrograms
{
    /// <summary>Whether <c>ffmpeg</c> and <c>ffprobe</c> are on the PATH.</summary>
    public static bool Are { get; } = Has("ffmpeg") && Has("ffprobe");

    /// <summary>Puts another folder in the place of the PATH, until what is returned is disposed of.</summary>
    public static IDisposable Path(string folder) => new Changed(folder);

    private static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .Any(folder => File.Exists(System.IO.Path.Combine(folder, program)) || File.Exists(System.IO.Path.Combine(folder, $"{program}.exe")));

    private sealed class Changed : IDisposable
    {
        private readonly string? _before = Environment.GetEnvironmentVariable("PATH");

        public Changed(string path) => Environment.SetEnvironmentVariable("PATH", path);

        public void Dispose() => Environment.SetEnvironmentVariable("PATH", _before);
    }
}
