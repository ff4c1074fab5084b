namespace UniPT.Torch;

/// <summary>Gradients beside those that <see cref="CustomBackward.Backward(Tensor, Tensor?)"/> adds to the leaves.</summary>
public static class Gradients
{
    /// <summary>
    /// Gradients of several outputs with respect to inputs; null where an input was not used. The inputs' own gradients stay as
    /// they are. (TorchSharp's <c>torch.autograd.grad</c> ends the process on whatever goes wrong in it.)
    /// </summary>
    /// <param name="outputs">The recorded results.</param>
    /// <param name="cotangents">A gradient for each output, of its shape.</param>
    /// <param name="inputs">Leaves or intermediate results that require gradients.</param>
    public static Tensor?[] Of(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> cotangents, IReadOnlyList<Tensor> inputs)
    {
        Tensor?[] before = [.. inputs.Select(input => input.grad)];
        try
        {
            foreach (Tensor input in inputs)
            {
                input.grad = null;
            }

            CustomBackward.Guarded(() => torch.autograd.backward([.. outputs], [.. cotangents], inputs: [.. inputs]));
            return [.. inputs.Select(input => input.grad)];
        }
        finally
        {
            for (int i = 0; i < before.Length; i++)
            {
                inputs[i].grad = before[i];
            }
        }
    }
}
