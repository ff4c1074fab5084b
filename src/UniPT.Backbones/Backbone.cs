using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>
/// A pretrained network that yields ordered hidden states. That is all a parallel network needs of it, whatever its
/// architecture. As a module it has the store's parameters and buffers, under the checkpoint's names; to dispose of it is to free them.
/// </summary>
public abstract class Backbone : Module<BackboneInput, HiddenStates>
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

    /// <summary>Tokens or maps.</summary>
    public abstract HiddenLayout Layout { get; }

    /// <summary>Channels of every hidden state, known before the first forward.</summary>
    public abstract IReadOnlyList<int> Widths { get; }

    /// <summary>Channels of <see cref="HiddenStates.Pooled"/>; null for a backbone that gives none.</summary>
    public virtual int? PooledWidth => null;

    /// <summary>Token ids that it has vectors for, some of them perhaps unused; null for a backbone that reads no text.</summary>
    public virtual int? Vocabulary => null;

    /// <summary>A name for every hidden state, such as <c>stride 4</c>, for plots and messages.</summary>
    public abstract IReadOnlyList<string> LayerNames { get; }

    /// <summary>
    /// Its blocks from first to last, where methods may reach inside; empty for a backbone that can only be read.
    /// </summary>
    public virtual IReadOnlyList<BackboneBlock> Blocks => [];

    /// <summary>The network that runs: another one for a backbone that only chooses among the hidden states of it.</summary>
    public virtual Backbone Source => this;

    /// <summary>Tells its weights from others, so that what was trained beside them is not put beside those: lower-case hexadecimal.</summary>
    public virtual string Fingerprint => BackboneFingerprint.Of(Store);

    /// <summary>An input that it is known to take, as one that its layouts were learned from; null where none was given.</summary>
    public virtual BackboneInput? Example => null;

    /// <summary>Where a prompt may be put; null for a backbone that takes none.</summary>
    public virtual Prompt? Prompt => null;

    /// <summary>The network cut in two before one of its <see cref="Blocks"/>; null for one that cannot be cut.</summary>
    /// <param name="block">From 0.</param>
    public virtual CutBackbone? Cut(int block) => null;

    /// <summary>Runs the network; it is recorded only where weights in it, its own or a method's, are trainable.</summary>
    /// <exception cref="TensorMemoryException">There was not enough memory.</exception>
    public sealed override HiddenStates forward(BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates states = TorchErrors.Explain(() => Compute(input));
        scope.MoveAllToOuter([.. states.Tensors]);
        return states;
    }

    /// <summary>The hidden states that this backbone gives, of all those that <see cref="Source"/> gave.</summary>
    public virtual HiddenStates Of(HiddenStates source) => source;

    /// <summary>The computation; everything made in it but the hidden states is freed.</summary>
    protected abstract HiddenStates Compute(BackboneInput input);
}
