using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>
/// A pretrained network that yields one or more streams of ordered hidden states. That is all a parallel network needs of it, whatever its
/// architecture. As a module it has the store's parameters and buffers, under the checkpoint's names; to dispose of it is to free them.
/// </summary>
public abstract class Backbone : Module<BackboneInput, BackboneOutput>
{
    /// <summary>Creates the backbone over the store that its weights came from.</summary>
    protected Backbone(WeightStore store) : base(store.Root) => Store = store;

    /// <summary>The weights, frozen unless the store was opened for training.</summary>
    public WeightStore Store { get; }

    /// <summary>
    /// The type that it computes in and gives its hidden states in: that of its weights, float32 unless <see cref="WeightStore.Convert"/>
    /// changed it.
    /// </summary>
    public ScalarType Type => Store.Parameters.Values.FirstOrDefault()?.dtype ?? ScalarType.Float32;

    /// <summary>The architecture's name in recipes, such as <c>mobilenet_v2</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it gives, by name: what methods attach to.</summary>
    public abstract BackboneStreams Streams { get; }

    /// <summary>Token ids that it has vectors for, some of them perhaps unused; null for a backbone that reads no text.</summary>
    public virtual int? Vocabulary => null;

    /// <summary>Tells its weights from others, so that what was trained beside them is not put beside those: lower-case hexadecimal.</summary>
    public virtual string Fingerprint => BackboneFingerprint.Of(Store);

    /// <summary>
    /// Whether in training mode it normalises with the statistics of the batch and moves the stored ones, although its weights are frozen, as published code of Clip-ViL
    /// leaves it: then its hidden states are not the same in every epoch, and the statistics are part of what training changes.
    /// </summary>
    public virtual bool HasRunningStatistics => false;

    /// <summary>What only <see cref="HiddenStates.Pooled"/>, or a pooler, depends on: methods, which read hidden states, leave it frozen. Empty where there is none.</summary>
    public virtual IReadOnlyList<Parameter> OfPooled => [];

    /// <summary>An input that it is known to take, as one that its layouts were learned from; null where none was given.</summary>
    public virtual BackboneInput? Example => null;

    /// <summary>Lets <see cref="OfPooled"/> train too where all of the network does, for a task that learns by it; beside methods that train less it stays frozen.</summary>
    public void TrainPooled()
    {
        if (Store.Parameters.Values.First().requires_grad)
        {
            foreach (Parameter parameter in OfPooled)
            {
                parameter.requires_grad = true;
            }
        }
    }

    /// <summary>The hidden states of all streams; the network is recorded only where weights in it, its own or a method's, are trainable.</summary>
    /// <exception cref="TensorMemoryException">There was not enough memory.</exception>
    public sealed override BackboneOutput forward(BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        BackboneOutput output = TorchErrors.Explain(() =>
            MayDivide(input) && ExamplesAtOnce(input) is var together && together < input.Rows ? ComputeInParts(input, together) : Compute(input));
        scope.MoveToOuter(output.Tensors);
        return output;
    }

    /// <summary>The computation; everything made in it but the hidden states is freed.</summary>
    protected abstract BackboneOutput Compute(BackboneInput input);

    /// <summary>
    /// How many examples run together where nothing is recorded, so that what is made in between, larger than what comes out, stays small;
    /// all for one that sees to that itself.
    /// </summary>
    protected virtual long ExamplesAtOnce(BackboneInput input) => input.Rows;

    /// <summary>
    /// Whether examples may run apart: nothing is recorded, they share no statistics, and every part of the input has a row for each; else <see cref="Compute"/> says
    /// what does not belong together.
    /// </summary>
    private bool MayDivide(BackboneInput input) => !torch.is_grad_enabled() && !(HasRunningStatistics && training)
        && input.All.Values.All(part => part.ndim > 0 && part.size(0) == input.Rows);

    private BackboneOutput ComputeInParts(BackboneInput input, long together)
    {
        BackboneOutput? whole = null;
        for (long start = 0; start < input.Rows; start += together)
        {
            using DisposeScope part = torch.NewDisposeScope();
            long count = Math.Min(together, input.Rows - start);
            BackboneOutput found = Compute(input.Map(tensor => tensor.narrow(0, start, count)));
            whole ??= found.Map(tensor => part.MoveToOuter(torch.empty([input.Rows, .. tensor.shape[1..]], dtype: tensor.dtype, device: tensor.device)));
            foreach ((Tensor all, Tensor some) in whole.Tensors.Zip(found.Tensors))
            {
                all.narrow(0, start, count).copy_(some);
            }
        }

        return whole!;
    }
}
