namespace UniPT;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
public static class Spelling
{
    /// <summary>
    /// The candidate that differs least from <paramref name="name"/>, if that is by no more than one edit and another one
    /// for every four characters; null otherwise. An edit inserts, removes or replaces a character.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> candidates) => candidates
        .Select(candidate => (Candidate: candidate, Edits: Edits(name, candidate)))
        .Where(pair => pair.Edits <= 1 + (name.Length / 4))
        .OrderBy(pair => pair.Edits)
        .Select(pair => pair.Candidate)
        .FirstOrDefault();

    // Levenshtein's distance, one row of the table at a time.
    private static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 0; i < a.Length; i++)
        {
            int diagonal = row[0]++;
            for (int j = 0; j < b.Length; j++)
            {
                int replaced = diagonal + (a[i] == b[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
