using FsCheck;
using FsCheck.Fluent;
using UniPT.Tasks.Retrieval.Metrics;

namespace UniPT.Tasks.Tests.Retrieval.Metrics;

/// <summary>A random similarity matrix with many ties, and one to some captions an image in any order.</summary>
public sealed record RetrievalCase(int Images, int[] Owners, float[] Similarities)
{
    public static Arbitrary<RetrievalCase> Arbitrary { get; } = Generate().ToArbitrary();

    public float this[int image, int caption] => Similarities[(image * Owners.Length) + caption];

    public RetrievalRanks Rank() => RetrievalRanks.Compute(Similarities, Images, Owners);

    private static Gen<RetrievalCase> Generate() =>
        from images in Gen.Choose(1, 12)
        from others in Gen.Choose(0, images - 1).ListOf()
        from owners in Gen.Shuffle(Enumerable.Range(0, images).Concat(others))
        from values in Gen.Choose(-6, 6).ArrayOf(images * owners.Length)
        select new RetrievalCase(images, owners, [.. values.Select(value => value / 6f)]);
}
