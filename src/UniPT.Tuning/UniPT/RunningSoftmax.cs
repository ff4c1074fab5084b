using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>A sum weighted by the softmax of scores that come one after the other, so that no summand need be kept.</summary>
internal sealed class RunningSoftmax
{
    private readonly Tensor _sum;
    private readonly Tensor _largest;
    private readonly Tensor _total;

    /// <summary>An empty sum of summands of that shape, <c>[B, N, m]</c>.</summary>
    public RunningSoftmax(Tensor like)
    {
        _sum = like.ZerosLike();
        _largest = Tensor.Full([like.Size(0), 1], double.NegativeInfinity, like.Type, like.Device);
        _total = _largest.ZerosLike();
    }

    /// <summary>The sum so far.</summary>
    public Tensor Result => _sum / _total.Unsqueeze(-1);

    /// <summary>Adds a summand with its score <c>[B, 1]</c>.</summary>
    public void Add(Tensor score, Tensor summand)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor larger = _largest.Maximum(score);
        Tensor fade = (_largest - larger).Exp();
        Tensor gain = (score - larger).Exp();
        _sum.Mul_(fade.Unsqueeze(-1));
        _sum.Addcmul_(summand, gain.Unsqueeze(-1));
        _total.Mul_(fade);
        _total.Add_(gain);
        _largest.Copy_(larger);
    }
}
