using System.Runtime.InteropServices;
using UniPT.Torch.Native;

namespace UniPT.Torch;

/// <summary>
/// Records a computation whose backward is written in C#: the way to keep less than autograd would, or to compute
/// parts again instead of keeping them.
/// </summary>
public static unsafe class CustomBackward
{
    /// <summary>Gradients of the inputs (null: none) from those of the outputs (null: none arrived).</summary>
    /// <param name="outputGradients">One for each output.</param>
    /// <returns>One for each input.</returns>
    public delegate Tensor?[] Backward(Tensor?[] outputGradients);

    /// <summary>
    /// Makes <paramref name="outputs"/>, which were computed while nothing was recorded, depend on
    /// <paramref name="inputs"/> through <paramref name="backward"/>.
    /// </summary>
    /// <param name="inputs">What the gradients flow to.</param>
    /// <param name="outputs">What they come from; changed into recorded tensors.</param>
    /// <param name="backward">Called once, inside a scope of its own.</param>
    /// <param name="kept">Tensors that backward needs; they are owned by the recorded graph and freed with it.</param>
    public static void Attach(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> outputs, Backward backward, params Tensor[] kept)
    {
        foreach (Tensor tensor in kept)
        {
            tensor.DetachFromDisposeScope();
        }

        GCHandle handle = GCHandle.Alloc(new Node(backward, kept));
        fixed (nint* from = Gradients.Handles(inputs))
        fixed (nint* to = Gradients.Handles(outputs))
        {
            Bridge.Check(Bridge.unipt_attach_node(
                from, inputs.Count, to, outputs.Count, &Run, &Release, GCHandle.ToIntPtr(handle)));
        }
    }

    [UnmanagedCallersOnly]
    private static int Run(nint context, nint* outputGradients, int outputCount, nint* inputGradients, int inputCount)
    {
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            var node = (Node)GCHandle.FromIntPtr(context).Target!;
            var arrived = new Tensor?[outputCount];
            for (int i = 0; i < outputCount; i++)
            {
                arrived[i] = outputGradients[i] == 0 ? null : Tensor.Adopt(outputGradients[i]);
            }

            Tensor?[] results = node.Backward(arrived);
            if (results.Length != inputCount)
            {
                throw new InvalidOperationException($"backward gave {results.Length} gradients for {inputCount} inputs");
            }

            for (int i = 0; i < inputCount; i++)
            {
                inputGradients[i] = results[i]?.ReleaseHandle() ?? 0;
            }

            return 0;
        }
        catch (Exception error)
        {
            // Nothing managed may cross: the native side throws again and the caller of Backward sees the message.
            Bridge.unipt_set_last_error($"{error.GetType().Name}: {error.Message}");
            return 1;
        }
    }

    [UnmanagedCallersOnly]
    private static void Release(nint context)
    {
        GCHandle handle = GCHandle.FromIntPtr(context);
        foreach (Tensor tensor in ((Node)handle.Target!).Kept)
        {
            tensor.Dispose();
        }

        handle.Free();
    }

    private sealed record Node(Backward Backward, Tensor[] Kept);
}
