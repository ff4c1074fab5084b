using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning;

/// <summary>
/// Puts the channels of all hidden states on one scale: the difference from the channel's mean over the training
/// split, divided by its deviation plus a share of the layer's mean deviation, so that channels that hardly vary are not
/// blown up. A channel that varies by no more than rounding does not vary: it becomes 0. Without <see cref="Fit"/> it changes nothing.
/// </summary>
public sealed class Standardization
{
    private const double Floor = 0.3;

    /// <summary>
    /// About eight times float's last bit. The same input gives pooled states that differ by as much in another batch.
    /// </summary>
    private const double Rounding = 1e-6;
    private readonly int[] _widths;
    private readonly Tensor _mean;
    private readonly Tensor _scale;

    /// <summary>Takes the buffers <c>mean</c> and <c>scale [joined]</c>.</summary>
    public Standardization(Weights weights, IReadOnlyList<int> widths)
    {
        _widths = [.. widths];
        _mean = weights.Buffer("mean", Initializers.Zeros, widths.Sum());
        _scale = weights.Buffer("scale", Initializers.Ones, widths.Sum());
    }

    /// <summary>The means of all hidden states over valid tokens or cells, side by side: <c>[B, joined]</c>.</summary>
    public static Tensor Pool(HiddenStates hidden)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(torch.cat([.. Enumerable.Range(0, hidden.Layers.Count).Select(hidden.Mean)], 1));
    }

    /// <summary>Takes the statistics of the training split's pooled hidden states, <c>[n, joined]</c>.</summary>
    /// <returns>The same, standardised.</returns>
    public Tensor Fit(Tensor pooled)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor features = pooled.to(ScalarType.Float64);
        Tensor mean = features.mean([0]);
        Tensor deviation = (features - mean).pow(Scalars.Of(2)).mean([0]).sqrt();
        _mean.copy_(mean);
        for (int layer = 0; layer < _widths.Length; layer++)
        {
            Tensor ofLayer = Part(deviation, layer);
            Tensor size = features.narrow(1, _widths.Take(layer).Sum(), _widths[layer]).pow(Scalars.Of(2)).mean().sqrt();
            Tensor varies = ofLayer.gt(size * Scalars.Of(Rounding));
            ofLayer *= varies;

            // A layer of which nothing varies is multiplied by 0, whatever the floor is.
            Tensor floor = (ofLayer.mean() * Scalars.Of(Floor)).clamp_min(Scalars.Of(1e-12));
            Part(_scale, layer).copy_(varies / ofLayer.Add(floor));
        }

        return scope.MoveToOuter(Forward(pooled));
    }

    /// <summary>Standardises pooled hidden states, <c>[B, joined]</c>.</summary>
    public Tensor Forward(Tensor pooled)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter((pooled - _mean) * _scale);
    }

    /// <summary>The part that concerns one hidden state.</summary>
    internal LayerStandardization Of(int layer) => new(this, layer);

    /// <summary>The means of one hidden state's channels.</summary>
    internal Tensor Mean(int layer) => Part(_mean, layer);

    /// <summary>What the differences of one hidden state's channels from their means are multiplied by.</summary>
    internal Tensor Scale(int layer) => Part(_scale, layer);

    private Tensor Part(Tensor joined, int layer) => joined.narrow(0, _widths.Take(layer).Sum(), _widths[layer]);
}

/// <summary>The standardisation of one hidden state.</summary>
internal sealed record LayerStandardization(Standardization All, int Layer)
{
    /// <summary>The channels' means <c>[C]</c>.</summary>
    public Tensor Mean => All.Mean(Layer);

    /// <summary>What the differences from the means are multiplied by, <c>[C]</c>.</summary>
    public Tensor Scale => All.Scale(Layer);

    /// <summary>Standardises tokens or cells, <c>[…, C]</c>, in their type.</summary>
    public Tensor Forward(Tensor tokens)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(((tokens - Mean) * Scale).to(tokens.dtype));
    }
}
