namespace UniPT.Tasks.Retrieval.Data;

/// <summary>An image and what is said of it.</summary>
/// <param name="Name">Path below the folder of its split, with forward slashes.</param>
/// <param name="Captions">At least one caption; none is blank, no two are equal, no space at either end.</param>
public sealed record CaptionedImage(string Name, IReadOnlyList<string> Captions);
