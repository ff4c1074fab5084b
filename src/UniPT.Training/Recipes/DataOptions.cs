namespace UniPT.Training.Recipes;

/// <summary>The data set and how it is read; each task adds its own options.</summary>
public record DataOptions
{
    /// <summary>The data set: a file or folder of a format that the task reads.</summary>
    [OptionPath]
    public required string Path { get; init; }

    /// <summary>Whether examples that cannot be read are left out with a notice; otherwise they are refused by name.</summary>
    public bool SkipBad { get; init; }

    /// <summary>Threads that read and decode examples, ahead of training and to check them before it.</summary>
    [OptionRange(1, 64)]
    public int Workers { get; init; } = 2;
}
