using UniPT.Backbones.Whisper;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Sounds.Data;

/// <summary>A folder or zip with WAV files in folders by their labels, or with a table that names them.</summary>
public sealed record SoundDataOptions : DataOptions
{
    /// <summary>The column of a table that names the files, below its folder; without such a table folders are the labels.</summary>
    public string File { get; init; } = "file";

    /// <summary>The column of the label.</summary>
    public string Label { get; init; } = "label";

    /// <summary>The column that puts rows into splits (<c>train</c>, <c>val</c> or <c>dev</c>, <c>test</c>), where there is one of this name.</summary>
    public string Split { get; init; } = "split";

    /// <summary>All labels in the order of their indices; an empty list takes those of the training split, sorted.</summary>
    public OptionList<string> Labels { get; init; } = [];

    /// <summary>Seconds of a recording that are read: of longer ones the end is left out, shorter ones are followed by silence. Whisper was trained on 30.</summary>
    [OptionRange(0.1, 30)]
    public double Seconds { get; init; } = 30;

    /// <summary>Bands of the log-mel spectrogram: as many as the backbone was trained on, 80 of most Whispers and 128 of <c>large-v3</c>.</summary>
    [OptionRange(8, 256)]
    public int Bands { get; init; } = 80;

    /// <summary>What the silence behind a shorter recording is to the backbone.</summary>
    public SoundPadding Padding { get; init; }

    /// <summary>Frames of a spectrogram.</summary>
    internal int Frames => (int)Math.Round(Seconds * LogMelSpectrogram.FrameRate);
}

/// <summary>What the silence behind a shorter recording is.</summary>
public enum SoundPadding
{
    /// <summary>A part of the recording, as it was in Whisper's training.</summary>
    Silence,

    /// <summary>Frames that do not count: nothing attends to them, runs over them or takes the mean of them.</summary>
    Masked,
}
