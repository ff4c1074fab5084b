using UniPT.Torch;

namespace UniPT.Tasks.Shared.Search;

/// <summary>The vectors that are most similar to a query.</summary>
internal static class Nearest
{
    /// <summary>Their indices with the cosines, best first.</summary>
    /// <param name="vectors">Unit vectors <c>[N, D]</c>.</param>
    /// <param name="query">A unit vector <c>[D]</c>.</param>
    /// <param name="count">How many at most.</param>
    internal static IReadOnlyList<(int Index, float Score)> Of(Tensor vectors, Tensor query, int count)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor values, Tensor indices) = vectors.MatMul(query).topk((int)Math.Min(count, vectors.size(0)));
        return [.. indices.ToArray<long>().Zip(values.ToArray<float>(), (index, score) => ((int)index, score))];
    }
}
