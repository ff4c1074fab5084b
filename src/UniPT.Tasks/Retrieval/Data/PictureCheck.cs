namespace UniPT.Tasks.Retrieval.Data;

/// <summary>How the pictures of a data set are tried before they are used: each is decoded once.</summary>
/// <param name="Threads">How many at a time.</param>
/// <param name="SkipBad">Whether those that cannot be decoded are left out; otherwise they are problems of the data set.</param>
public sealed record PictureCheck(int Threads, bool SkipBad);
