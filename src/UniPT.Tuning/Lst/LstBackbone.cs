using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.Lst;

/// <summary>A frozen backbone with a ladder beside it; beside a decoder a second one stands beside its encoder, whose last side state the side layers look at.</summary>
internal sealed class LstBackbone : TunedBackbone, IStartsFromFisher
{
    private readonly SideStack? _encoder;
    private readonly SideStack _stack;
    private readonly Linear _up;
    private readonly LstOptions _options;

    /// <summary>Takes a <see cref="SideStack"/>, of an encoder and its decoder one at <c>encoder</c> and one at <c>decoder</c>, and <c>side_final_upsample</c>.</summary>
    public LstBackbone(BackboneStream stream, Weights weights, int output, LstOptions options) : base(stream, weights)
    {
        (Output, _options) = (output, options);
        _encoder = LstMethod.MemoryOf(stream) is { } memory ? new SideStack(memory, weights / memory.Name, options, LstMethod.EncoderDropped(options)) : null;
        _stack = new SideStack(stream, _encoder is null ? weights : weights / stream.Name, options, options.Dropped);
        _up = new Linear(weights / "side_final_upsample", _stack.Width, output, options.Bias);
        if (options.Start == LstStart.Magnitude)
        {
            Prune(map => map.Weight.abs(), stream.Words?.abs());
        }
    }

    /// <inheritdoc/>
    public override int Output { get; }

    /// <inheritdoc/>
    public int? FisherBatchSize => _options.FisherBatchSize;

    /// <inheritdoc/>
    public int FisherBatches => _options.Start == LstStart.Fisher ? _options.FisherBatches : 0;

    /// <inheritdoc/>
    public void StartFrom(IReadOnlyDictionary<string, Tensor> fisher)
    {
        string? words = Backbone.Store.Parameters.FirstOrDefault(pair => ReferenceEquals(pair.Value, Stream.Words)).Key;
        Prune(map => map.WeightIn(fisher), words is null ? null : fisher[words]);
    }

    /// <summary>The side states beside the encoder, where there is one, and beside the stream.</summary>
    internal (IReadOnlyList<Tensor> Encoder, IReadOnlyList<Tensor> Side) Climb(HiddenStates hidden)
    {
        if (_encoder is null)
        {
            return ([], _stack.Forward(hidden, null));
        }

        HiddenStates memory = hidden.Memory
            ?? throw new UserException($"Beside {Stream} lst reads the hidden states of the encoder too, and there are none.");
        IReadOnlyList<Tensor> encoder = _encoder.Forward(memory, null);
        return (encoder, _stack.Forward(hidden, _encoder.AsMemory(memory, encoder[^1])));
    }

    /// <summary>Of side states, the adapted features.</summary>
    internal Tensor Up(Tensor side) => _up.forward(side);

    /// <inheritdoc/>
    protected override TunedFeatures Compute(HiddenStates hidden) => new(Up(Climb(hidden).Side[^1]), hidden.Mask);

    private void Prune(Func<LinearMap, Tensor> map, Tensor? words)
    {
        _encoder?.Prune(map, words);
        _stack.Prune(map, words);
    }
}
