using UniPT.Testing;

namespace UniPT.Tests;

/// <summary>A test that decodes films; skipped, and counted so, where there is no ffmpeg.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FfmpegFactAttribute : FactAttribute
{
    internal const string Why = "There is no ffmpeg on the PATH.";

    public FfmpegFactAttribute() => Skip = FilmPrograms.Are ? null : Why;
}

/// <summary>As <see cref="FfmpegFactAttribute"/>, of several cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FfmpegTheoryAttribute : TheoryAttribute
{
    public FfmpegTheoryAttribute() => Skip = FilmPrograms.Are ? null : FfmpegFactAttribute.Why;
}
