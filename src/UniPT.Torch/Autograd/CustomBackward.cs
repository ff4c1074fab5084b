using System.Runtime.ExceptionServices;

namespace UniPT.Torch;

/// <summary>
/// Records a computation whose backward is written in C#: the way to keep less than autograd would, or to compute
/// parts again instead of keeping them. What such a backward throws comes back from <see cref="Backward(Tensor, Tensor?)"/>.
/// </summary>
public static class CustomBackward
{
    private const string Key = "recording";

    // Tensors that the backward of the node before gave to libtorch, which has taken its own hold of them by the next one.
    [ThreadStatic]
    private static List<Tensor>? Given;

    [ThreadStatic]
    private static ExceptionDispatchInfo? Failure;

    // Of threads on which libtorch itself runs backwards, as it does for CUDA.
    private static ExceptionDispatchInfo? FailureElsewhere;

    [ThreadStatic]
    private static int Running;

    /// <summary>Gradients of the inputs (null: none) from those of the outputs (null: none arrived).</summary>
    /// <param name="outputGradients">One for each output.</param>
    /// <param name="kept">What <see cref="Attach"/> was told to keep, in that order.</param>
    /// <returns>One for each input.</returns>
    public delegate Tensor?[] BackwardFunction(Tensor?[] outputGradients, Tensor[] kept);

    /// <summary>
    /// Makes <paramref name="outputs"/>, which were computed while nothing was recorded, depend on
    /// <paramref name="inputs"/> through <paramref name="backward"/>, whether or not operations are recorded at the moment. Does nothing where no input
    /// needs a gradient.
    /// </summary>
    /// <param name="inputs">What the gradients flow to.</param>
    /// <param name="outputs">What they come from; changed into recorded tensors.</param>
    /// <param name="backward">Called once, inside a scope of its own.</param>
    /// <param name="kept">Tensors that backward needs; the recorded graph keeps them until it has run or is freed.</param>
    public static void Attach(
        IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> outputs, BackwardFunction backward, params Tensor[] kept)
    {
        if (!inputs.Any(input => input.requires_grad))
        {
            return;
        }

        // TorchSharp makes an empty twin of every output, for gradients that do not arrive; here they go at once, since such
        // gradients are handed on as null.
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable recorded = torch.enable_grad(); // the caller may still be where it computed the outputs
        Node.apply([new Recording([.. outputs], backward, kept), .. inputs]);
    }

    /// <summary>
    /// Adds the gradients of a tensor to the leaves, as <c>torch.Tensor.backward</c>, and throws what a written-out backward threw
    /// meanwhile. TorchSharp's own <c>backward()</c> fails then too, but cannot say why.
    /// </summary>
    /// <param name="tensor">A scalar, or any tensor with a gradient.</param>
    /// <param name="gradient">Of the tensor's shape; a scalar needs none.</param>
    /// <exception cref="TensorMemoryException">There was not enough memory.</exception>
    public static void Backward(this Tensor tensor, Tensor? gradient = null) =>
        Guarded(() => tensor.backward(gradient is null ? null : [gradient]));

    /// <summary>Runs a native backward pass and gives its failures back as what they were.</summary>
    internal static void Guarded(Action backward)
    {
        Running++;
        try
        {
            backward();
        }
        catch (Exception error) when (error is not UserException)
        {
            ExceptionDispatchInfo? failure = Failure ?? Interlocked.Exchange(ref FailureElsewhere, null);
            Failure = null;
            failure?.Throw();
            throw TorchErrors.Translate(error);
        }
        finally
        {
            if (--Running == 0)
            {
                FreeGiven();
            }
        }
    }

    private static void FreeGiven()
    {
        foreach (Tensor tensor in Given ?? [])
        {
            tensor.Dispose();
        }

        Given?.Clear();
    }

    /// <summary>What one recorded computation needs in its backward.</summary>
    private sealed class Recording(List<Tensor> outputs, BackwardFunction backward, Tensor[] kept)
    {
        private List<Tensor>? _outputs = outputs;
        private Tensor[]? _kept = kept;
        private bool _ran;

        internal BackwardFunction Backward => backward;

        /// <summary>The tensors, once: the recording lives as long as the graph and must not hold what its scopes free.</summary>
        internal (List<Tensor> Outputs, Tensor[] Kept) Hand()
        {
            (List<Tensor> outputs, Tensor[] kept) = (_outputs!, _kept!);
            (_outputs, _kept) = (null, null);
            return (outputs, kept);
        }

        internal void Begin()
        {
            if (_ran)
            {
                throw new InvalidOperationException("this graph was already run backward; run it forward again");
            }

            _ran = true;
        }
    }

    private sealed class Node : torch.autograd.MultiTensorFunction<Node>
    {
        public override string Name => "UniPT";

        public override List<Tensor> forward(torch.autograd.AutogradContext context, params object[] arguments)
        {
            var recording = (Recording)arguments[0];
            (List<Tensor> outputs, Tensor[] kept) = recording.Hand();
            context.set_materialize_grads(false);
            context.save_for_backward([.. kept]);
            context.save_data(Key, recording);
            context.save_data("inputs", arguments.Length - 1);
            return outputs;
        }

        public override List<Tensor> backward(torch.autograd.AutogradContext context, List<Tensor> arrived)
        {
            // An exception that left this method would end the process.
            int inputs = (int)context.get_data("inputs");
            Exception? meaning = null;
            try
            {
                FreeGiven();
                return [null!, .. Gradients(context, arrived, inputs)];
            }
            catch (Exception error) when ((meaning = TorchErrors.Translate(error)) is not null)
            {
                var failure = ExceptionDispatchInfo.Capture(meaning);
                if (Running > 0)
                {
                    Failure ??= failure;
                }
                else
                {
                    FailureElsewhere = failure;
                }

                // libtorch refuses a complex gradient of a real tensor, which ends the backward pass.
                Tensor wrong = torch.zeros([], dtype: ScalarType.ComplexFloat32);
                (Given ??= []).Add(wrong);
                return [null!, .. Enumerable.Repeat(wrong, inputs)];
            }
        }

        private static Tensor[] Gradients(torch.autograd.AutogradContext context, List<Tensor> arrived, int inputs)
        {
            var recording = (Recording)context.get_data(Key);
            using DisposeScope scope = torch.NewDisposeScope();
            recording.Begin();
            Tensor[] kept = [.. context.get_saved_variables()];
            context.Dispose(); // what was saved goes with this scope, not with the graph

            Tensor?[] found = recording.Backward([.. arrived.Select(gradient => gradient.IsInvalid ? null : gradient)], kept);
            if (found.Length != inputs)
            {
                throw new InvalidOperationException($"backward gave {found.Length} gradients for {inputs} inputs");
            }

            Tensor[] given = [.. found.OfType<Tensor>()];
            scope.MoveToOuter(given);
            foreach (Tensor gradient in arrived.Where(gradient => !given.Any(other => ReferenceEquals(other, gradient))))
            {
                gradient.Dispose();
            }

            (Given ??= []).AddRange(given);
            return found!;
        }
    }
}
