namespace UniPT.Backbones.Layers;

/// <summary>How many heads an attention has where only its weights are at hand, which do not tell.</summary>
internal static class HeadCount
{
    private const int Channels = 64;

    /// <summary>Heads of 64 channels each, as BERT, RoBERTa and CLIP were published; distilled ones may have others.</summary>
    /// <exception cref="UserException">The width is no multiple of 64.</exception>
    public static int Of(long width, string backbone) => width > 0 && width % Channels == 0
        ? (int)(width / Channels)
        : throw new UserException($"{backbone} has heads of {Channels} channels, so its width must be a multiple of {Channels}; the checkpoint's is {width}.");
}
