using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning;

/// <summary>
/// A backbone with a tuning method attached to one of its streams: adapted features and the parameters that train. As a module it has the method's own
/// tensors under their names, and the backbone's under <c>backbone.</c>; <c>train()</c> leaves a backbone in evaluation that the method
/// only reads. To dispose of it frees the method's tensors and leaves the backbone.
/// </summary>
public abstract class TunedBackbone : Module<BackboneInput, TunedFeatures>
{
    private const string Prefix = "backbone";

    /// <summary>Joins the two.</summary>
    /// <param name="stream">Of the pretrained network.</param>
    /// <param name="weights">The place of the method's own weights.</param>
    protected TunedBackbone(BackboneStream stream, Weights weights) : base(weights)
    {
        (Stream, Store) = (stream, weights.Store);
        if (stream.NewLinears is { } start)
        {
            weights.StartLinears(start);
        }
    }

    /// <summary>What the method reads.</summary>
    public BackboneStream Stream { get; }

    /// <summary>The pretrained network.</summary>
    public Backbone Backbone => Stream.Backbone;

    /// <summary>The method's own weights.</summary>
    public WeightStore Store { get; }

    /// <summary>Width of the adapted features.</summary>
    public abstract int Output { get; }

    /// <summary>
    /// Whether what trains changes the hidden states, so that gradients flow into the backbone; if not, they may be computed
    /// once and kept.
    /// </summary>
    public virtual bool ChangesHiddenStates => false;

    /// <summary>
    /// Places of frozen weights in the backbone through which gradients flow to what trains. They compute in float32, whatever the
    /// type of the hidden states; empty for methods that only read these.
    /// </summary>
    public virtual IReadOnlyList<Weights> PassedWeights => [];

    /// <summary>Names of the layers that <see cref="TunedFeatures.Confidence"/> weighs; empty for methods without.</summary>
    public virtual IReadOnlyList<string> MergedLayers => [];

    /// <summary>
    /// Lets the frozen backbone compute in another type, such as bfloat16, in which its weights and hidden states take half the
    /// memory. What trains stays float32.
    /// </summary>
    /// <exception cref="UserException">
    /// The method changes the hidden states: gradients flow through the whole backbone. Or the backbone is made of a module of the user's own.
    /// </exception>
    public void ConvertBackbone(ScalarType type)
    {
        if (Backbone.Store.IsBorrowed && Backbone.Type != type)
        {
            throw new UserException($"{Backbone.Name} is a module of your own, which is not changed here; call its to(ScalarType.{type}), and give it inputs of that type.");
        }

        if (ChangesHiddenStates && type != ScalarType.Float32)
        {
            throw new UserException($"{Backbone.Name} cannot compute in {type}: the method changes its hidden states, so gradients flow through it, which are float32.");
        }

        Backbone.Store.Convert(type, PassedWeights);
    }

    /// <summary>The stream's hidden states, recorded only if the method changes them.</summary>
    public HiddenStates Hidden(BackboneInput input)
    {
        if (ChangesHiddenStates)
        {
            return Stream.Read(input);
        }

        // Not inference mode, whose tensors cannot be saved for the backward of what reads them. Where there is none, the caller is in it.
        using IDisposable unrecorded = torch.no_grad();

        // What a frozen backbone computes in is the recipe's precision, whether somebody trains or not.
        using IDisposable exact = MixedPrecision.Use(false);
        return Stream.Read(input);
    }

    /// <summary>Adapted features from hidden states.</summary>
    /// <exception cref="TensorMemoryException">There was not enough memory.</exception>
    public TunedFeatures Adapt(HiddenStates hidden)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TunedFeatures features = TorchErrors.Explain(() => Compute(MixedPrecision.IsOn && !ChangesHiddenStates ? Rounded(hidden) : hidden));

        // A mask of their own, so that the features outlive the hidden states.
        return (features with { Mask = features.Mask?.alias(), MergedLayers = features.Confidence is null ? [] : MergedLayers }).HandOut(scope);
    }

    /// <summary>Adapted features of an input; the hidden states are freed, or kept by the recorded graph.</summary>
    public sealed override TunedFeatures forward(BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return Adapt(Hidden(input)).HandOut(scope);
    }

    /// <summary>Adapted features <c>[B, N, output]</c> of pixels or token ids, as <see cref="forward(BackboneInput)"/> gives with what belongs to them.</summary>
    public Tensor forward(Tensor values) => forward(new BackboneInput(values)).Tokens;

    /// <summary>
    /// What trains, with names: the method's weights and, under <c>backbone.</c>, those of the backbone that train with it. For
    /// <c>torch.optim</c>, or a <see cref="ParameterGroup"/>.
    /// </summary>
    public IReadOnlyList<(string name, Parameter parameter)> TrainedParameters() =>
        [.. base.named_parameters().Where(pair => pair.parameter.requires_grad), .. Backbone.Store.Trainable.Select(pair => ($"{Prefix}.{pair.Key}", pair.Value))];

    /// <summary>
    /// Training or evaluation of the method's modules, and of the backbone's where the method changes its hidden states, its statistics run, or it was opened to follow
    /// (<see cref="WeightStore.FollowsTraining"/>).
    /// </summary>
    public override void train(bool train = true)
    {
        base.train(train);
        if (ChangesHiddenStates || Backbone.HasRunningStatistics || Backbone.Store.FollowsTraining)
        {
            Backbone.Store.train(train);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) => base.named_parameters(recurse)
        .Concat(recurse && !IsDisposed ? Backbone.named_parameters().Select(pair => ($"{Prefix}.{pair.name}", pair.parameter)) : []);

    /// <inheritdoc/>
    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) => base.named_buffers(recurse)
        .Concat(recurse && !IsDisposed ? Backbone.named_buffers().Select(pair => ($"{Prefix}.{pair.name}", pair.buffer)) : []);

    /// <inheritdoc/>
    public override IEnumerable<(string name, nn.Module module)> named_modules() => IsDisposed ? [] : base.named_modules()
        .Append((Prefix, Backbone))
        .Concat(Backbone.named_modules().Select(pair => ($"{Prefix}.{pair.name}", pair.module)));

    // The backbone moves itself: one that is a module of the user's own does so in its own way.

    /// <inheritdoc/>
    protected override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        Backbone.to(device, dtype, non_blocking);
        return base._to(device, dtype, non_blocking);
    }

    /// <inheritdoc/>
    protected override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        Backbone.to(deviceType, deviceIndex, non_blocking);
        return base._to(deviceType, deviceIndex, non_blocking);
    }

    /// <inheritdoc/>
    protected override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        Backbone.to(dtype, non_blocking);
        return base._to(dtype, non_blocking);
    }

    /// <summary>In bfloat16, in which what reads them takes its products then.</summary>
    private static HiddenStates Rounded(HiddenStates hidden) => hidden with
    {
        Layers = [.. hidden.Layers.Select(MixedPrecision.Operand)],
        Memory = hidden.Memory is { } memory ? Rounded(memory) : null,
    };

    /// <summary>The method's computation; everything made in it but the features is freed.</summary>
    protected abstract TunedFeatures Compute(HiddenStates hidden);
}
