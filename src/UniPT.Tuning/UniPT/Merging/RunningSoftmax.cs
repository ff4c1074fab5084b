using UniPT.Torch;

namespace UniPT.Tuning.UniPT.Merging;

/// <summary>A sum weighted by the softmax of scores that come one after the other, so that no summand need be kept.</summary>
internal sealed class RunningSoftmax
{
    private readonly Tensor _sum;
    private readonly Tensor _largest;
    private readonly Tensor _total;

    /// <summary>An empty sum of summands of that shape, <c>[B, N, m]</c>, with <c>[B, rows, 1]</c> scores, 1 row or N.</summary>
    public RunningSoftmax(Tensor like, long rows)
    {
        _sum = like.zeros_like();
        _largest = torch.full([like.size(0), rows, 1], Scalars.Of(double.NegativeInfinity), dtype: like.dtype, device: like.device);
        _total = _largest.zeros_like();
    }

    /// <summary>The sum so far.</summary>
    public Tensor Result => _sum / _total;

    /// <summary>Adds a summand with its score <c>[B, rows, 1]</c>.</summary>
    public void Add(Tensor score, Tensor summand)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor larger = _largest.maximum(score);
        Tensor fade = (_largest - larger).exp();
        Tensor gain = (score - larger).exp();
        _sum.mul_(fade);
        _sum.addcmul_(summand, gain, Scalars.Of(1));
        _total.mul_(fade);
        _total.Add_(gain);
        _largest.copy_(larger);
    }
}
