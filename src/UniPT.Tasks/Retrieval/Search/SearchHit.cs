namespace UniPT.Tasks.Retrieval.Search;

/// <summary>A picture that was found.</summary>
/// <param name="Picture">Its index in the split.</param>
/// <param name="Name">Its file's name.</param>
/// <param name="Score">The cosine with the query, −1 to 1.</param>
/// <param name="Captions">What the data set says about it.</param>
public sealed record SearchHit(int Picture, string Name, double Score, IReadOnlyList<string> Captions);
