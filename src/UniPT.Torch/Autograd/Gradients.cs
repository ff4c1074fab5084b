using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>Whether operations are recorded, and gradients beside those of <see cref="Tensor.Backward"/>.</summary>
public static unsafe class Gradients
{
    /// <summary>Whether operations of this thread are recorded at the moment.</summary>
    public static bool Enabled => Bridge.unipt_grad_enabled() != 0;

    /// <summary>Records nothing until the returned guard is disposed, on the same thread.</summary>
    public static IDisposable Off() => new(false);

    /// <summary>Records again, inside <see cref="Off"/>, until the returned guard is disposed.</summary>
    public static IDisposable On() => new(true);

    /// <summary>
    /// As <see cref="Off"/>, with less bookkeeping; tensors made meanwhile can never take part in a recorded
    /// computation. Dispose the returned guard on the same thread.
    /// </summary>
    public static InferenceMode Inference() => new();

    /// <summary>Gradients of several outputs with respect to inputs; null where an input was not used.</summary>
    /// <param name="outputs">The recorded results.</param>
    /// <param name="cotangents">A gradient for each output, of its shape.</param>
    /// <param name="inputs">Leaves or intermediate results.</param>
    public static Tensor?[] Of(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> cotangents, IReadOnlyList<Tensor> inputs)
    {
        nint[] results = new nint[inputs.Count];
        fixed (nint* from = Handles(outputs))
        fixed (nint* with = Handles(cotangents))
        fixed (nint* to = Handles(inputs))
        fixed (nint* found = results)
        {
            Bridge.Check(Bridge.unipt_gradients(from, with, outputs.Count, to, inputs.Count, found));
        }

        return Array.ConvertAll(results, handle => handle == 0 ? null : Tensor.Adopt(handle));
    }

    internal static nint[] Handles(IReadOnlyList<Tensor> tensors)
    {
        var handles = new nint[tensors.Count];
        for (int i = 0; i < handles.Length; i++)
        {
            handles[i] = tensors[i].Handle;
        }

        return handles;
    }
}
