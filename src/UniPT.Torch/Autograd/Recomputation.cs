namespace UniPT.Torch;

/// <summary>Backward through a computation that was not recorded: it runs again, recorded this time.</summary>
public static class Recomputation
{
    [ThreadStatic]
    private static int Running;

    /// <summary>Whether a segment runs again at the moment: what it counts was counted the first time.</summary>
    internal static bool IsRunning => Running > 0;

    /// <summary>
    /// Runs a segment without recording it; backward runs it again. That trades time for memory: what the segment computes in between
    /// is not kept, as with <c>torch.utils.checkpoint</c>. Unlike there, the segment's parameters are named, so that it works when no
    /// input needs a gradient, as with a frozen backbone's hidden states.
    /// </summary>
    /// <param name="segment">A deterministic function of its inputs and parameters.</param>
    /// <param name="parameters">The trainable tensors that it uses.</param>
    /// <param name="inputs">What it is given.</param>
    public static Tensor Run(Func<IReadOnlyList<Tensor>, Tensor> segment, IReadOnlyList<Tensor> parameters, params Tensor[] inputs)
    {
        using DisposeScope outer = torch.NewDisposeScope();
        Tensor result;
        using (DisposeScope scope = torch.NewDisposeScope())
        using (torch.no_grad())
        {
            result = scope.MoveToOuter(segment(inputs));
        }

        bool[] needed = Array.ConvertAll(inputs, input => input.requires_grad);
        Tensor?[] Backward(Tensor?[] gradients, Tensor[] kept) => gradients[0] is not { } gradient
            ? new Tensor?[kept.Length + parameters.Count]
            : Gradients(leaves => [segment(leaves)], _ => [gradient], [.. kept.Zip(needed)], parameters);

        CustomBackward.Attach([.. inputs, .. parameters], [result], Backward, Array.ConvertAll(inputs, input => input.detach()));
        return outer.MoveToOuter(result);
    }

    /// <summary>Gradients of the inputs, then of the parameters; null for those that need none or were not used.</summary>
    /// <param name="segment">A deterministic function of its inputs and parameters; not all that it gives need depend on them.</param>
    /// <param name="cotangents">Gradients of what the segment gave, from what it gave.</param>
    /// <param name="inputs">What the segment is given, with whether its gradient is needed.</param>
    /// <param name="parameters">The tensors that the segment uses besides.</param>
    public static Tensor?[] Gradients(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> segment,
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> cotangents,
        IReadOnlyList<(Tensor Tensor, bool Needed)> inputs,
        IReadOnlyList<Tensor> parameters)
    {
        var leaves = new Tensor[inputs.Count];
        IReadOnlyList<Tensor> outputs;
        using (IDisposable recording = torch.enable_grad())
        {
            for (int i = 0; i < leaves.Length; i++)
            {
                leaves[i] = inputs[i].Tensor.detach();
                leaves[i].requires_grad = inputs[i].Needed;
            }

            Running++;
            try
            {
                outputs = segment(leaves);
            }
            finally
            {
                Running--;
            }
        }

        Tensor[] all = [.. leaves, .. parameters];
        int[] wanted = [.. Enumerable.Range(0, all.Length).Where(i => all[i].requires_grad)];
        IReadOnlyList<Tensor> incoming = cotangents(outputs);
        int[] recorded = [.. Enumerable.Range(0, outputs.Count).Where(i => outputs[i].requires_grad)];
        Tensor?[] gradients = Torch.Gradients.Of(
            [.. recorded.Select(i => outputs[i])], [.. recorded.Select(i => incoming[i])], [.. wanted.Select(i => all[i])]);
        var found = new Tensor?[all.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            found[wanted[i]] = gradients[i];
        }

        return found;
    }
}
