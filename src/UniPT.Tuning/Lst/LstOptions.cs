namespace UniPT.Tuning.Lst;

/// <summary>What may be chosen about ladder side tuning.</summary>
public sealed record LstOptions
{
    /// <summary>How many times narrower the side network is than the last hidden state.</summary>
    [OptionRange(1, 8192)]
    public int Reduction { get; init; } = 8;

    /// <summary>Channels of the side network, in place of the reduction; null for what that says.</summary>
    [OptionRange(1, 8192)]
    public int? Width { get; init; }

    /// <summary>Heads of the side layers' attention; 0 takes those of the backbone, or 4.</summary>
    [OptionRange(0, 1024)]
    public int Heads { get; init; }

    /// <summary>Indices, from 1, of the hidden states that have no rung: they are neither mixed in nor have a side layer.</summary>
    [OptionRange(1, 1023)]
    public OptionList<int> Dropped { get; init; } = [];

    /// <summary>The same of the encoder beside whose decoder it stands; empty for those of <see cref="Dropped"/>.</summary>
    [OptionRange(1, 1023)]
    public OptionList<int> EncoderDropped { get; init; } = [];

    /// <summary>How a side state and a hidden state are mixed.</summary>
    public GateKind Gate { get; init; }

    /// <summary>The share of the side state with a constant gate.</summary>
    [OptionRange(0, 1)]
    public double GateValue { get; init; } = 0.5;

    /// <summary>What the parameter of a learnable gate is divided by before the logistic function.</summary>
    [OptionRange(1e-3, 1000)]
    public double Temperature { get; init; } = 0.1;

    /// <summary>Whether the projections to and from the side network have a bias.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>What the side layers start as; pruned starts are for Transformers.</summary>
    public LstStart Start { get; init; }

    /// <summary>Training batches whose squared gradients make the Fisher information.</summary>
    [OptionRange(1, 1_000_000)]
    public int FisherBatches { get; init; } = 32;

    /// <summary>
    /// Examples of such a batch, whose mean gradient is squared; null for those of a training batch. The published start takes 1024 batches of one, for losses that are
    /// defined of one example.
    /// </summary>
    [OptionRange(1, 65536)]
    public int? FisherBatchSize { get; init; }
}

/// <summary>How a side state and a layer of the backbone are mixed.</summary>
public enum GateKind
{
    /// <summary>By a trained share of the side state.</summary>
    Learnable,

    /// <summary>By a fixed share of the side state.</summary>
    Constant,

    /// <summary>They are added.</summary>
    None,
}

/// <summary>What the side layers start as.</summary>
public enum LstStart
{
    /// <summary>New layers.</summary>
    Random,

    /// <summary>The backbone's layers, pruned to the weights that are largest.</summary>
    Magnitude,

    /// <summary>The backbone's layers, pruned to the weights that the loss depends on most (Fisher information).</summary>
    Fisher,
}
