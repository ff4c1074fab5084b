namespace UniPT.Training.Recipes;

/// <summary>Which captions of a picture an epoch sees.</summary>
public enum CaptionUse
{
    /// <summary>One caption of each picture, drawn anew every epoch.</summary>
    Sample,

    /// <summary>Every caption once, so that a picture comes as often as it has captions.</summary>
    All,
}
