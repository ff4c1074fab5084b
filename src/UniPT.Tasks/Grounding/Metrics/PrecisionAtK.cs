using UniPT.Torch;

namespace UniPT.Tasks.Grounding.Metrics;

/// <summary>
/// How often the box of an expression is among the first k that were found, by data set: precision@k of referring expressions.
/// </summary>
/// <param name="ks">The numbers k.</param>
public sealed class PrecisionAtK(params IReadOnlyList<int> ks)
{
    private readonly OrderedDictionary<string, (int Expressions, int[] Hits)> _sets = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether a box is taken for found by its generalised intersection over union, which is stricter. So does MDETR's published evaluation; the benchmark's definition is
    /// the plain one.
    /// </summary>
    public bool UsesGeneralizedIou { get; init; } = true;

    /// <summary>What that must be at least.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary>The share of the expressions whose box is among the first k, in [0, 1], one for each k, by data set in the order in which these were seen.</summary>
    public IReadOnlyDictionary<string, double[]> Figures => _sets.ToDictionary(
        set => set.Key, set => set.Value.Hits.Select(hits => (double)hits / set.Value.Expressions).ToArray(), StringComparer.Ordinal);

    /// <summary>Counts an expression.</summary>
    /// <param name="dataSet">The name of its data set.</param>
    /// <param name="scores">How sure each query is, <c>[Q]</c>.</param>
    /// <param name="boxes">Their corners, <c>[Q, 4]</c>.</param>
    /// <param name="wanted">The corners of the expression's box, <c>[4]</c>, in the same units.</param>
    public void Add(string dataSet, Tensor scores, Tensor boxes, Tensor wanted)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        float[] overlaps = Numbers(UsesGeneralizedIou ? BoxOverlap.GeneralizedIou(boxes, wanted) : BoxOverlap.Iou(boxes, wanted));
        int[] order = BoxRanking.Order(Numbers(scores), Numbers(boxes));
        int first = Array.FindIndex(order, query => overlaps[query] >= Threshold);
        (int expressions, int[] hits) = _sets.TryGetValue(dataSet, out (int, int[] Hits) known) ? known : (0, new int[ks.Count]);
        _sets[dataSet] = (expressions + 1, [.. hits.Zip(ks, (count, k) => count + (first >= 0 && first < k ? 1 : 0))]);
    }

    private static float[] Numbers(Tensor tensor) => tensor.to(ScalarType.Float32).ToArray<float>();
}
