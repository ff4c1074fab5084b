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
            : Recomputation.Gradients(leaves => [segment(leaves)], _ => [gradient], [.. kept.Zip(needed)], parameters);

        CustomBackward.Attach([.. inputs, .. parameters], [result], Backward, Array.ConvertAll(inputs, input => input.detach()));
        return outer.MoveToOuter(result);
    }
}
