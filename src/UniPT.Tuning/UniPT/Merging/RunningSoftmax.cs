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
        _sum = like.ZerosLike();
        _largest = Tensor.Full([like.Size(0), rows, 1], double.NegativeInfinity, like.Type, like.Device);
        _total = _largest.ZerosLike();
    }

    /// <summary>The sum so far.</summary>
    public Tensor Result => _sum / _total;

    /// <summary>Adds a summand with its score <c>[B, rows, 1]</c>.</summary>
    public void Add(Tensor score, Tensor summand)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor larger = _largest.Maximum(score);
        Tensor fade = (_largest - larger).Exp();
        Tensor gain = (score - larger).Exp();
        _sum.Mul_(fade);
        _sum.Addcmul_(summand, gain);
        _total.Mul_(fade);
        _total.Add_(gain);
        _largest.Copy_(larger);
    }
}
