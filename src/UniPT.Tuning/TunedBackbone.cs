using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Direct;

namespace UniPT.Tuning;

/// <summary>A backbone with a tuning method attached: adapted features and the parameters that train.</summary>
public abstract class TunedBackbone
{
    /// <summary>Joins the two.</summary>
    /// <param name="backbone">The pretrained network.</param>
    /// <param name="store">The method's own weights.</param>
    protected TunedBackbone(Backbone backbone, WeightStore store) => (Backbone, Store) = (backbone, store);

    /// <summary>The pretrained network.</summary>
    public Backbone Backbone { get; }

    /// <summary>The method's own weights.</summary>
    public WeightStore Store { get; }

    /// <summary>Width of the adapted features.</summary>
    public abstract int Output { get; }

    /// <summary>
    /// Whether what trains changes the hidden states, so that gradients flow into the backbone; if not, they may be computed
    /// once and kept.
    /// </summary>
    public virtual bool ChangesHiddenStates => false;

    /// <summary>Names of the layers that <see cref="TunedFeatures.Confidence"/> weighs; empty for methods without.</summary>
    public virtual IReadOnlyList<string> MergedLayers => [];

    /// <summary>What must be fitted to the training split before training begins, or null.</summary>
    public virtual Standardization? Standardization => null;

    /// <summary>The direct path beside the method, or null.</summary>
    public virtual DirectPath? Direct => null;

    /// <summary>Training batches over which <see cref="StartFrom"/> needs the Fisher information; 0 where it is not called.</summary>
    public virtual int FisherBatches => 0;

    /// <summary>Starts from how much the loss depends on each of the backbone's weights, before training begins.</summary>
    /// <param name="fisher">Sums of squared gradients by the names of the backbone's parameters.</param>
    public virtual void StartFrom(IReadOnlyDictionary<string, Tensor> fisher)
    {
    }

    /// <summary>Zeroes what the method adds to its direct path, so that training starts from that path alone.</summary>
    public virtual void Silence()
    {
    }

    /// <summary>The hidden states, recorded only if the method changes them.</summary>
    public HiddenStates Hidden(BackboneInput input)
    {
        if (ChangesHiddenStates)
        {
            return Backbone.Forward(input);
        }

        // Not inference mode: its tensors could not be kept for the parallel network's backward.
        using IDisposable unrecorded = torch.no_grad();
        return Backbone.Forward(input);
    }

    /// <summary>Adapted features from hidden states.</summary>
    public TunedFeatures Adapt(HiddenStates hidden)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Compute(hidden).HandOut(scope);
    }

    /// <summary>Adapted features of an input; the hidden states are freed, or kept by the recorded graph.</summary>
    public TunedFeatures Forward(BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Adapt(Hidden(input)).HandOut(scope);
    }

    /// <summary>Adapted features <c>[B, N, output]</c> of pixels or token ids, as <see cref="Forward"/> gives with what belongs to them.</summary>
    public Tensor forward(Tensor values) => Forward(new BackboneInput(values)).Tokens;

    /// <summary>
    /// What trains, with names: the method's weights and, with <c>backbone.</c> before them, those of the backbone that train with it. For
    /// <c>torch.optim</c>, or a <see cref="ParameterGroup"/>.
    /// </summary>
    public IReadOnlyList<(string name, Parameter parameter)> TrainedParameters() =>
        [.. Store.Trainable.Select(pair => (pair.Key, pair.Value)), .. Backbone.Store.Trainable.Select(pair => ($"backbone.{pair.Key}", pair.Value))];

    /// <summary>The method's computation; everything made in it but the features is freed.</summary>
    protected abstract TunedFeatures Compute(HiddenStates hidden);
}
