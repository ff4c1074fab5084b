using UniPT.Torch;

namespace UniPT.Parity.Tests;

/// <summary>The usual check: outputs, then the gradients of Σ output · output_grad, then the buffers after the forward.</summary>
internal static class ModuleParity
{
    /// <param name="file">The recorded case.</param>
    /// <param name="forward">Builds the module from the file's weights and gives every recorded output by its name.</param>
    /// <param name="names">The parameters' names here, from the reference's; null for those that are left out.</param>
    public static void Check(
        GoldenFile file, Func<Weights, IReadOnlyDictionary<string, Tensor>> forward, Func<string, string?>? names = null)
    {
        names ??= name => name;
        Weights weights = file.OpenWeights(names);
        using WeightStore store = weights.Store;
        IReadOnlyDictionary<string, Tensor> outputs = forward(weights);
        store.EnsureAllUsed();
        StateNames.Check(file, weights, names);
        foreach (string name in file.Names("output."))
        {
            Comparison.Same(file, $"output.{name}", outputs.GetValueOrDefault(name) ?? throw new ParityException($"{file.Path}: the case computes no {name}"));
        }

        foreach (string name in file.Names("after.buffer.").Where(name => !name.EndsWith("num_batches_tracked")))
        {
            Comparison.Same(file, $"after.buffer.{name}", store.Buffers[names(name)!]);
        }

        Backward(file, outputs);
        CheckGradients(file, "grad.", name => names(name) is { } own ? store.Parameters[own] : null);
        CheckGradients(file, "grad_input.", file.Input);
    }

    private static void Backward(GoldenFile file, IReadOnlyDictionary<string, Tensor> outputs)
    {
        Tensor[] terms = [.. file.Names("output_grad.").Select(name => outputs[name].mul(file.Read($"output_grad.{name}")).sum())];
        if (terms.Length > 0)
        {
            terms.Aggregate((sum, term) => sum.Add(term)).Backward();
        }
    }

    private static void CheckGradients(GoldenFile file, string prefix, Func<string, Tensor?> leaf)
    {
        foreach (string name in file.Names(prefix))
        {
            // What is left out here, as the gates of a ladder's layers that are not there, must have had no part.
            Comparison.Same(file, prefix + name, leaf(name)?.grad ?? file.Read(prefix + name).zeros_like());
        }
    }
}
