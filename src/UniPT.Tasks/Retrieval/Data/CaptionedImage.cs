namespace UniPT.Tasks.Retrieval.Data;

/// <summary>An image and what is said of it.</summary>
/// <param name="Name">Path below the folder of its split, with forward slashes.</param>
/// <param name="Captions">At least one caption; none is blank, no space at either end. In folders and tables no two are equal; published sets have equal ones.</param>
public sealed record CaptionedImage(string Name, IReadOnlyList<string> Captions)
{
    /// <summary>What a published data set calls the picture, such as COCO's number; null in others.</summary>
    internal string? Id { get; init; }

    /// <summary>What it calls the captions; null where it does not say.</summary>
    internal IReadOnlyList<string>? CaptionIds { get; init; }

    /// <summary>Where its regions stand in the split's array.</summary>
    internal int Row { get; init; }
}
