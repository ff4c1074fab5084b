namespace UniPT.Torch;

/// <summary>
/// Trades time for memory: what a segment computes in between is not kept for the backward pass but computed again
/// there, as <c>torch.utils.checkpoint</c> does. Unlike there, the segment's parameters are named, so that it works
/// when no input needs a gradient, as with a frozen backbone's hidden states.
/// </summary>
public static class Checkpoint
{
    /// <summary>Runs the segment without recording it; backward runs it again.</summary>
    /// <param name="segment">A deterministic function of its inputs and parameters.</param>
    /// <param name="parameters">The trainable tensors that it uses.</param>
    /// <param name="inputs">What it is given.</param>
    public static Tensor Run(Func<IReadOnlyList<Tensor>, Tensor> segment, IReadOnlyList<Tensor> parameters, params Tensor[] inputs)
    {
        Tensor result;
        using (TensorScope scope = TensorScope.Begin())
        using (Gradients.Off())
        {
            result = scope.HandOut(segment(inputs));
        }

        bool[] needed = Array.ConvertAll(inputs, input => input.RequiresGrad);
        if (!Gradients.Enabled || (!needed.Contains(true) && !parameters.Any(parameter => parameter.RequiresGrad)))
        {
            return result;
        }

        Tensor[] kept = Array.ConvertAll(inputs, input => input.Detach());
        CustomBackward.Attach([.. inputs, .. parameters], [result], gradients => Again(segment, parameters, kept, needed, gradients[0]), kept);
        return result;
    }

    private static Tensor?[] Again(
        Func<IReadOnlyList<Tensor>, Tensor> segment,
        IReadOnlyList<Tensor> parameters,
        Tensor[] kept,
        bool[] needed,
        Tensor? gradient)
    {
        var found = new Tensor?[kept.Length + parameters.Count];
        if (gradient is null)
        {
            return found;
        }

        using GradientMode recording = Gradients.On();
        Tensor[] leaves = Array.ConvertAll(kept, tensor => tensor.Detach());
        for (int i = 0; i < leaves.Length; i++)
        {
            if (needed[i])
            {
                leaves[i].RequiresGrad = true;
            }
        }

        Tensor output = segment(leaves);
        int[] wanted = [.. Enumerable.Range(0, found.Length).Where(i => i < leaves.Length ? needed[i] : parameters[i - leaves.Length].RequiresGrad)];
        Tensor?[] gradients = Gradients.Of([output], [gradient], [.. wanted.Select(i => i < leaves.Length ? leaves[i] : parameters[i - leaves.Length])]);
        for (int i = 0; i < wanted.Length; i++)
        {
            found[wanted[i]] = gradients[i];
        }

        return found;
    }
}
