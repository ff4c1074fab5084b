using System.Collections;
using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones;

/// <summary>
/// Ordered hidden states of a backbone that belong together, as those of its pictures or of its decoder: what a method attaches to.
/// Layout, widths and names are known before the first forward.
/// </summary>
/// <param name="backbone">The network that gives them.</param>
/// <param name="name">Unique in the backbone, such as <see cref="Image"/>.</param>
/// <param name="layout">Tokens or maps.</param>
/// <param name="widths">Channels of every hidden state, the deepest last.</param>
/// <param name="layerNames">A name for every hidden state, such as <c>stride 4</c>, for plots and messages.</param>
public class BackboneStream(Backbone backbone, string name, HiddenLayout layout, IReadOnlyList<int> widths, IReadOnlyList<string> layerNames)
{
    /// <summary>Of pictures alone.</summary>
    public const string Image = "image";

    /// <summary>Of texts alone.</summary>
    public const string Text = "text";

    /// <summary>Of sounds alone.</summary>
    public const string Audio = "audio";

    /// <summary>Of pictures and texts in one sequence.</summary>
    public const string Joint = "joint";

    /// <summary>Of the encoder of an encoder–decoder.</summary>
    public const string Encoder = "encoder";

    /// <summary>Of the decoder of an encoder–decoder.</summary>
    public const string Decoder = "decoder";

    private BackboneStream(BackboneStream all, IReadOnlyList<int> widths, IReadOnlyList<string> layerNames) : this(all.Backbone, all.Name, all.Layout, widths, layerNames)
    {
        (PooledWidth, StepsPerToken, Blocks, Prompt, Memory) = (all.PooledWidth, all.StepsPerToken, all.Blocks, all.Prompt, all.Memory);
        (IsAutoregressive, Output, Words) = (all.IsAutoregressive, all.Output, all.Words);
        (NewLinears, Unread) = (all.NewLinears, all.Unread);
    }

    /// <summary>The network that gives the hidden states.</summary>
    public Backbone Backbone { get; } = backbone;

    /// <summary>Its name in the backbone.</summary>
    public string Name { get; } = name;

    /// <summary>Tokens or maps.</summary>
    public HiddenLayout Layout { get; } = layout;

    /// <summary>Channels of every hidden state.</summary>
    public IReadOnlyList<int> Widths { get; } = widths;

    /// <summary>A name for every hidden state.</summary>
    public IReadOnlyList<string> LayerNames { get; } = layerNames;

    /// <summary>Channels of <see cref="HiddenStates.Pooled"/>; null for a stream without.</summary>
    public int? PooledWidth { get; init; }

    /// <summary>Steps of the input for which a token stands, as two frames of a spectrogram for one of Whisper's; 1 for most.</summary>
    public int StepsPerToken { get; init; } = 1;

    /// <summary>Its blocks from first to last, where methods may reach inside; empty for one that can only be read.</summary>
    public IReadOnlyList<BackboneBlock> Blocks { get; init; } = [];

    /// <summary>Where a prompt may be put; null where none is taken.</summary>
    public Prompt? Prompt { get; init; }

    /// <summary>The stream whose last hidden state this one reads by cross-attention, as a decoder its encoder's; null for none.</summary>
    public BackboneStream? Memory { get; init; }

    /// <summary>Whether it is decoded token by token, so that nothing beside it may let a token see later ones either.</summary>
    public bool IsAutoregressive { get; init; }

    /// <summary>What stands between the last block and the last hidden state; null where that is what the block gave.</summary>
    public FinalNorm? End { get; init; }

    /// <summary>The map from the last hidden state to the scores of all words; null where there is none.</summary>
    public LinearMap? Output { get; init; }

    /// <summary>The table <c>[vocabulary, D]</c> that the first block's tokens are rows of, where pruned starts begin with it; null otherwise.</summary>
    public Parameter? Words { get; init; }

    /// <summary>How new linear maps beside the network start, with zero biases, where the published methods on it say so; null for PyTorch's way.</summary>
    public Initializer? NewLinears { get; init; }

    /// <summary>Cuts the network in two before one of the <see cref="Blocks"/>, counted from 0; null for one that cannot be cut.</summary>
    public Func<int, CutBackbone>? Cut { get; init; }

    /// <summary>Places of weights of the backbone that its hidden states do not depend on, as an encoder's not on the decoder.</summary>
    public IReadOnlyList<Weights> Unread { get; init; } = [];

    /// <summary>
    /// The same, with what its last block gave in the place of the last hidden state, if that is behind a norm, and of its <see cref="Memory"/>
    /// too: what stands beside the blocks themselves reads it.
    /// </summary>
    public virtual BackboneStream BeforeEnd => (End ?? Memory?.End) is null ? this : new WithoutEnd(this);

    /// <summary>This stream's part of what the backbone gave, with that of its <see cref="Memory"/>.</summary>
    public virtual HiddenStates Of(BackboneOutput output)
    {
        HiddenStates states = output[Name];
        states = states.BeforeNorm is null ? states : states with { BeforeNorm = null };
        return Memory is null ? states : states with { Memory = Memory.Of(output) };
    }

    /// <summary>Runs the backbone and gives this stream's hidden states; those of others are freed.</summary>
    /// <exception cref="TensorMemoryException">There was not enough memory.</exception>
    public HiddenStates Read(BackboneInput input)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates states = Of(Backbone.forward(input));
        scope.MoveToOuter(states.Tensors);
        return states;
    }

    /// <summary>The same stream with only some of its hidden states, of which the last becomes the anchor.</summary>
    /// <param name="layers">Their indices, in rising order.</param>
    /// <exception cref="UserException">An index is out of range, or they do not rise.</exception>
    public BackboneStream Select(IReadOnlyList<int> layers)
    {
        foreach (int layer in layers)
        {
            if (layer < 0 || layer >= Widths.Count)
            {
                throw new UserException($"{this} has the hidden states 0 to {Widths.Count - 1}; layer {layer} is none of them.");
            }
        }

        return layers.Zip(layers.Skip(1)).Any(pair => pair.Second <= pair.First)
            ? throw new UserException($"The layers [{string.Join(", ", layers)}] of {this} must rise.")
            : new SelectedLayers(this, [.. layers]);
    }

    /// <summary>The same, with only some of the hidden states of its <see cref="Memory"/> too.</summary>
    /// <param name="layers">Indices of its own hidden states, in rising order.</param>
    /// <param name="memoryLayers">Indices of the memory's.</param>
    /// <exception cref="UserException">An index is out of range, they do not rise, or there is no memory.</exception>
    public BackboneStream Select(IReadOnlyList<int> layers, IReadOnlyList<int> memoryLayers) => Memory is { } memory
        ? ((SelectedLayers)Select(layers)).With(memory.Select(memoryLayers))
        : throw new UserException($"{this} reads no other stream, of which hidden states could be chosen.");

    /// <summary>What messages call it: the backbone's name, and its own where the backbone has others.</summary>
    public override string ToString() => Backbone.Streams.Count == 1 ? Backbone.Name : $"the stream {Name} of {Backbone.Name}";

    private sealed class WithoutEnd : BackboneStream
    {
        public WithoutEnd(BackboneStream all) : base(all, all.Widths, [.. all.LayerNames.SkipLast(1), $"{all.LayerNames[^1]} before the norm"]) =>
            (Memory, End, Cut) = (all.Memory?.BeforeEnd, all.End, all.Cut);

        public override BackboneStream BeforeEnd => this;

        public override HiddenStates Of(BackboneOutput output) => output[Name].Unnormed with { Memory = Memory?.Of(output) };
    }

    // Blocks cannot be cut where not all hidden states are read.
    private sealed class SelectedLayers : BackboneStream
    {
        private readonly BackboneStream _all;
        private readonly int[] _layers;

        public SelectedLayers(BackboneStream all, int[] layers)
            : base(all, [.. layers.Select(layer => all.Widths[layer])], [.. layers.Select(layer => all.LayerNames[layer])]) =>
            (_all, _layers, End) = (all, layers, layers[^1] == all.Widths.Count - 1 ? all.End : null);

        public override BackboneStream BeforeEnd => new SelectedLayers(_all.BeforeEnd, _layers) { Memory = Memory?.BeforeEnd };

        public SelectedLayers With(BackboneStream memory) => new(_all, _layers) { Memory = memory };

        public override HiddenStates Of(BackboneOutput output)
        {
            HiddenStates states = _all.Of(output);
            return states with { Layers = [.. _layers.Select(layer => states.Layers[layer])], Memory = Memory?.Of(output) };
        }
    }
}

/// <summary>The streams of a backbone, in the order in which it gives them.</summary>
public sealed class BackboneStreams : IReadOnlyList<BackboneStream>
{
    private readonly IReadOnlyList<BackboneStream> _streams;

    /// <summary>One at least, of different names.</summary>
    /// <exception cref="UserException">Two have the same name.</exception>
    public BackboneStreams(params IReadOnlyList<BackboneStream> streams)
    {
        _streams = streams;
        if (streams.GroupBy(stream => stream.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UserException($"{streams[0].Backbone.Name} has the stream {twice.Key} twice; each name may be given once.");
        }
    }

    /// <inheritdoc/>
    public int Count => _streams.Count;

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => _streams.Select(stream => stream.Name);

    /// <summary>The stream of a backbone that has one.</summary>
    /// <exception cref="UserException">It has several.</exception>
    public BackboneStream Only => _streams.Count == 1
        ? _streams[0]
        : throw new UserException($"{_streams[0].Backbone.Name} has the streams {string.Join(", ", Names)}; say which.");

    /// <summary>A stream by its name, such as <c>image</c>.</summary>
    /// <exception cref="UserException">There is none of that name.</exception>
    public BackboneStream this[string name] => _streams.FirstOrDefault(stream => stream.Name == name)
        ?? throw new UserException($"{_streams[0].Backbone.Name} has no stream {name}; it has {string.Join(", ", Names)}.");

    /// <inheritdoc/>
    public BackboneStream this[int index] => _streams[index];

    /// <inheritdoc/>
    public IEnumerator<BackboneStream> GetEnumerator() => _streams.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
