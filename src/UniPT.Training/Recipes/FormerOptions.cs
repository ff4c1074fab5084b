using UniPT.Training.Recipes.Binding;

namespace UniPT.Training.Recipes;

/// <summary>Options that recipes of earlier versions had, in what adapters saved of them.</summary>
internal static class FormerOptions
{
    /// <summary>
    /// unipt alone had a <c>precision</c> of its own, <c>backbone</c> or <c>bfloat16</c>: hidden states of a float32 backbone were
    /// rounded then. A backbone that computes in bfloat16 gives the same within the tolerance of the adapter's probe.
    /// </summary>
    internal static void Translate(OptionMapping root)
    {
        if (root.Entries.GetValueOrDefault("method") is OptionMapping method && method.Entries.Remove("precision", out OptionNode? former))
        {
            root.Entries.TryAdd("precision", new OptionScalar(former.Origin, former is OptionScalar { Text: "bfloat16" } ? "bf16" : "float32", Quoted: false));
        }
    }
}
