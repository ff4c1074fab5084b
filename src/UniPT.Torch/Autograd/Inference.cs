namespace UniPT.Torch;

/// <summary>
/// Computations of which nothing is saved for backward, in libtorch's inference mode: it keeps no record of versions and views.
/// </summary>
public static class Inference
{
    /// <summary>The result of a computation in inference mode, as a tensor that a later computation may save for backward.</summary>
    /// <param name="compute">Its own tensors, in a scope of its own, are freed.</param>
    /// <returns>A copy, in the current scope: libtorch saves no tensor for backward that was made in that mode.</returns>
    public static Tensor Run(Func<Tensor> compute) => Run(() => [compute()])[0];

    /// <summary>As <see cref="Run(Func{Tensor})"/>, of several tensors.</summary>
    public static IReadOnlyList<Tensor> Run(Func<IReadOnlyList<Tensor>> compute)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyList<Tensor> found;
        using (torch.inference_mode())
        {
            found = compute();
        }

        return scope.MoveAllToOuter([.. found.Select(tensor => tensor.clone())]);
    }
}
