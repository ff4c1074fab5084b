using System.Security.Cryptography;
using System.Text;

namespace UniPT.Tasks.Retrieval.Data;

/// <summary>Divides images 80 : 10 : 10 in the order of a hash of seed and name, however they were listed.</summary>
internal static class SeededSplit
{
    /// <summary>Train, val and test; from 3 images on none of them is empty.</summary>
    public static CaptionedImage[][] Of(IReadOnlyCollection<CaptionedImage> images, long seed)
    {
        CaptionedImage[] ordered = Ordered(images, seed);
        int held = ordered.Length < 3 ? 0 : Math.Max(1, ordered.Length / 10);
        return [ordered[(2 * held)..], ordered[..held], ordered[held..(2 * held)]];
    }

    /// <summary>Two or more images without a tenth of them, at least one; and that tenth.</summary>
    public static (CaptionedImage[] Kept, CaptionedImage[] Held) HoldOut(IReadOnlyCollection<CaptionedImage> images, long seed)
    {
        CaptionedImage[] held = Ordered(images, seed)[..Math.Max(1, images.Count / 10)];
        return ([.. images.Except(held)], held);
    }

    private static CaptionedImage[] Ordered(IEnumerable<CaptionedImage> images, long seed) =>
        [.. images.OrderBy(image => Key(image.Name, seed), StringComparer.Ordinal)];

    private static string Key(string name, long seed) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}:{name}")));
}
