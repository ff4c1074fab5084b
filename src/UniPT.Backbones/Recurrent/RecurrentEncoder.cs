using UniPT.Backbones.Bert;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Recurrent;

/// <summary>
/// A stack of GRU or LSTM layers over tokens or over a signal, of one direction or two, as <c>torch.nn.GRU</c> and <c>torch.nn.LSTM</c>, under their
/// state dicts' names. Hidden states are, of tokens, their vectors, and the output of every layer, <c>[B, N, width]</c> or <c>[B, N, 2·width]</c>;
/// steps that the mask leaves out are passed over, and what stands there is 0.
/// </summary>
public sealed class RecurrentEncoder : Backbone
{
    /// <summary>The table of the tokens' vectors.</summary>
    internal const string Words = "embed.weight";

    private readonly RecurrentConfig _config;
    private readonly Embedding? _words;
    private readonly Recurrence[][] _layers;

    // Nothing stands in front of the tokens: the stream offers no prompt.
    private readonly Prompt _prompt;

    /// <summary>Builds the network, whose layers stand at <c>rnn</c>, behind a table <c>embed</c> where it reads tokens.</summary>
    /// <param name="weights">Where the two stand.</param>
    /// <param name="config">Its sizes.</param>
    /// <exception cref="UserException">A tensor is missing or mis-shaped.</exception>
    public RecurrentEncoder(Weights weights, RecurrentConfig config) : this(weights, weights / "rnn", config)
    {
    }

    private RecurrentEncoder(Weights weights, Weights layers, RecurrentConfig config) : base(weights.Store)
    {
        _config = config;
        _prompt = new Prompt(config.Input);
        _words = config.Vocabulary is { } count ? new Embedding(weights / "embed", count, config.Input) : null;
        bool[] directions = config.Bidirectional ? [false, true] : [false];
        _layers =
        [
            .. Enumerable.Range(0, config.Layers).Select(layer => directions
                .Select(reverse => new Recurrence(layers, config.Cell, layer, reverse, layer == 0 ? config.Input : config.Output, config.Width, config.Bias))
                .ToArray()),
        ];
        string[] names = [.. Enumerable.Range(1, config.Layers).Select(i => $"layer {i}")];
        IEnumerable<int> widths = names.Select(_ => config.Output);
        Streams = new(new BackboneStream(
            this,
            _words is null ? BackboneStream.Audio : BackboneStream.Text,
            HiddenLayout.Tokens,
            [.. _words is null ? widths : widths.Prepend(config.Input)],
            _words is null ? names : [.. names.Prepend("embedding")])
        {
            Blocks = [.. names.Select((name, layer) => new BackboneBlock(name, layers.Only([.. directions.SelectMany(reverse => Recurrence.NamesOf(layer, reverse, config.Bias))]), new Dictionary<LinearRole, LinearMap>()))],
            Cut = Cut,
        });
    }

    /// <summary>GRUs as recipes name them.</summary>
    public static BackboneArchitecture Gru { get; } = Architecture(RecurrentCell.Gru);

    /// <summary>LSTMs as recipes name them.</summary>
    public static BackboneArchitecture Lstm { get; } = Architecture(RecurrentCell.Lstm);

    /// <inheritdoc/>
    public override string Name => NameOf(_config.Cell);

    /// <inheritdoc/>
    public override BackboneStreams Streams { get; }

    /// <inheritdoc/>
    public override int? Vocabulary => _config.Vocabulary;

    /// <inheritdoc/>
    protected override BackboneOutput Compute(BackboneInput input) => new(Streams.Only.Name, Run(input, _layers.Length));

    // Without an embedding no hidden state goes into the first layer.
    private CutBackbone Cut(int block)
    {
        int early = _words is null ? block : block + 1;
        BackboneStream stream = Streams.Only;
        return new CutBackbone(
            stream, stream.Widths.Take(early), stream.LayerNames.Take(early), input => Run(input, block), (state, mask) => Through(_layers.Skip(block), state, mask)[^1]);
    }

    private HiddenStates Run(BackboneInput input, int layers)
    {
        if (_words is null)
        {
            Tensor signal = SignalInput.Require(Name, input, _config.Input);
            return new HiddenStates(Through(_layers.Take(layers), signal.to(Type), input.Mask)[1..], input.Mask);
        }

        var text = new TokenSequence(Name, input, _prompt);
        return new HiddenStates(Through(_layers.Take(layers), _words.forward(text.Ids), text.Mask), text.Mask);
    }

    /// <summary>What goes in and what comes out of every layer.</summary>
    private static List<Tensor> Through(IEnumerable<Recurrence[]> layers, Tensor state, Tensor? mask)
    {
        var states = new List<Tensor> { state };
        foreach (Recurrence[] directions in layers)
        {
            states.Add(torch.cat([.. directions.Select(direction => direction.Forward(states[^1], mask))], -1));
        }

        return states;
    }

    /// <summary>Reads a checkpoint whose layers stand below <c>rnn</c>, or that is the state dict of PyTorch's module alone.</summary>
    private static BackboneArchitecture Architecture(RecurrentCell cell) => new(
        NameOf(cell),
        [BackboneStream.Text, BackboneStream.Audio],
        weights =>
        {
            Weights layers = weights.Contains("weight_ih_l0") ? weights : weights / "rnn";
            return new RecurrentEncoder(weights, layers, RecurrentConfig.Of(cell, weights, layers));
        },
        BertTokenizer.Open);

    private static string NameOf(RecurrentCell cell) => cell.ToString().ToLowerInvariant();
}
