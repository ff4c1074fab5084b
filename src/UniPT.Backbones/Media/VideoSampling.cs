namespace UniPT.Backbones.Media;

/// <summary>Which of the frames that were taken of a film are kept, where it has more than may be.</summary>
public enum FrameChoice
{
    /// <summary>Evenly spaced, the first and the last among them; CLIP4Clip's <c>slice_framepos 2</c>.</summary>
    Uniform,

    /// <summary>The first; <c>slice_framepos 0</c>.</summary>
    Head,

    /// <summary>The last; <c>slice_framepos 1</c>.</summary>
    Tail,
}

/// <summary>Which frames are taken of a film.</summary>
/// <param name="PerSecond">Frames that are taken of every second, at least 1: the first of it, and others at equal distances.</param>
/// <param name="Most">Frames that are kept, at least 1.</param>
/// <param name="Choice">Which.</param>
public sealed record VideoSampling(int PerSecond = 1, int Most = 12, FrameChoice Choice = FrameChoice.Uniform)
{
    /// <summary>Which of the frames taken are kept, in rising order: all of them where they are not more than <see cref="Most"/>.</summary>
    /// <param name="taken">How many were taken.</param>
    public int[] Of(int taken) => [.. Enumerable.Range(0, Math.Min(taken, Most)).Select(i => taken <= Most ? i : Choice switch
    {
        FrameChoice.Head => i,
        FrameChoice.Tail => taken - Most + i,

        // The whole numbers below NumPy's linspace(0, taken − 1, Most).
        _ => Most == 1 ? 0 : i == Most - 1 ? taken - 1 : (int)(i * ((taken - 1) / (double)(Most - 1))),
    })];
}
