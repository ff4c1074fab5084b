using System.Security.Cryptography;
using System.Text;

namespace UniPT.Tasks.Shared.DataSets;

/// <summary>Divides examples 80 : 10 : 10 in the order of a hash of seed and name, however they were listed.</summary>
internal static class SeededSplit
{
    /// <summary>What every task gives as the seed. It must not change with the run's: runs are compared on one test split.</summary>
    public const long Seed = 1;

    /// <summary>Train, val and test; from 3 examples on none of them is empty.</summary>
    /// <param name="examples">What is divided.</param>
    /// <param name="name">What tells an example from others.</param>
    /// <param name="seed">Goes into the hash.</param>
    public static T[][] Of<T>(IReadOnlyList<T> examples, Func<T, string> name, long seed)
    {
        T[] ordered = [.. Order(examples, name, seed).Select(i => examples[i])];
        int held = ordered.Length < 3 ? 0 : Math.Max(1, ordered.Length / 10);
        return [ordered[(2 * held)..], ordered[..held], ordered[held..(2 * held)]];
    }

    /// <summary>Two or more examples without a tenth of them, at least one, in their order; and that tenth.</summary>
    public static (T[] Kept, T[] Held) HoldOut<T>(IReadOnlyList<T> examples, Func<T, string> name, long seed)
    {
        int[] held = Order(examples, name, seed)[..Math.Max(1, examples.Count / 10)];
        var isHeld = held.ToHashSet();
        return ([.. examples.Where((_, i) => !isHeld.Contains(i))], [.. held.Select(i => examples[i])]);
    }

    private static int[] Order<T>(IReadOnlyList<T> examples, Func<T, string> name, long seed) =>
        [.. Enumerable.Range(0, examples.Count).OrderBy(i => Key(name(examples[i]), seed), StringComparer.Ordinal)];

    private static string Key(string name, long seed) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}:{name}")));
}
