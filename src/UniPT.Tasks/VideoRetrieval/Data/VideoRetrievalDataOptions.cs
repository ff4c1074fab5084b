using UniPT.Backbones.Media;
using UniPT.Tasks.Shared.Inputs;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.VideoRetrieval.Data;

/// <summary>A folder with films and captions, as MSR-VTT, MSVD or a table has them, and how they are fed.</summary>
public sealed record VideoRetrievalDataOptions : DataOptions
{
    /// <summary>The folder of the films, where they do not lie below path; below it they are found by their names.</summary>
    [OptionPath]
    public string? Videos { get; init; }

    /// <summary>The list of MSR-VTT's training films; null for <c>MSRVTT_train.9k.csv</c>, or <c>MSRVTT_train.7k.csv</c> where there is no other.</summary>
    public string? TrainList { get; init; }

    /// <summary>By which films the best epoch is chosen.</summary>
    public ValidationFilms Validation { get; init; }

    /// <summary>Which captions of a film an epoch sees.</summary>
    public CaptionUse Captions { get; init; } = CaptionUse.All;

    /// <summary>Frames that are taken of every second.</summary>
    [OptionRange(1, 60)]
    public int FramesPerSecond { get; init; } = 1;

    /// <summary>Frames that are read of a film at most.</summary>
    [OptionRange(1, 1024)]
    public int MaxFrames { get; init; } = 12;

    /// <summary>Which of the frames, where there are more.</summary>
    public FrameChoice FrameChoice { get; init; }

    /// <summary>Side of the frames in pixels: the shorter side is resized to it and the middle cut out.</summary>
    [OptionRange(16, 1024)]
    public int ImageSize { get; init; } = 224;

    /// <summary>Tokens that are read of a text, with those around it.</summary>
    [OptionRange(3, 512)]
    public int MaxTokens { get; init; } = 32;

    /// <summary>
    /// Whether tokens of the id 0 do not count wherever they stand, as the published code takes them for padding: of CLIP's vocabulary that is an exclamation mark which
    /// another mark follows.
    /// </summary>
    public bool MaskIdZero { get; init; }

    /// <summary>The column of a table that names the films, below its folder or, where it is given, below videos.</summary>
    public string File { get; init; } = "file";

    /// <summary>The column of the captions: a text, or a list of texts. A film may stand in several rows.</summary>
    public string Caption { get; init; } = "caption";

    /// <summary>The column that puts rows into splits (<c>train</c>, <c>val</c> or <c>dev</c>, <c>test</c>), where there is one of this name.</summary>
    public string Split { get; init; } = "split";

    /// <summary>
    /// How much of the disk frames may take that were decoded and are kept in the user's cache folder, in gigabytes; those that were not used for the longest time go first. 0
    /// keeps none, so that every epoch decodes the films.
    /// </summary>
    [OptionRange(0, 1_000_000)]
    public double FrameCacheGb { get; init; } = 20;

    /// <summary>Which frames are taken.</summary>
    internal VideoSampling Sampling => new(FramesPerSecond, MaxFrames, FrameChoice);
}

/// <summary>By which films the best epoch is chosen.</summary>
public enum ValidationFilms
{
    /// <summary>The data set's own, or in one without, as MSR-VTT, a tenth of train that is held out.</summary>
    Own,

    /// <summary>Those of test, as the published code of CLIP4Clip does: figures of test are then too high.</summary>
    Test,
}
