using UniPT.Backbones;
using UniPT.Torch;

namespace UniPT.Tuning.UniPT;

/// <summary>Which tokens of the targets count for which of the anchor's, and how much.</summary>
/// <param name="Keys">Multiplies the similarities, <c>[B, 1 or N, N]</c>; null where all count.</param>
/// <param name="Shares">What each token counts in the gate's means, <c>[B, 1 or N, N]</c>; null for plain means.</param>
/// <param name="Summary">1 for the token that is added to what is gathered, <c>[B, 1, N]</c>; null where none is.</param>
internal sealed record TokenMasks(Tensor? Keys = null, Tensor? Shares = null, Tensor? Summary = null)
{
    /// <summary>Scores of the gate for an example: 1, or causal one for each token.</summary>
    public long Scores => Shares?.size(1) ?? 1;

    /// <summary>The masks that the options ask for.</summary>
    /// <param name="options">Every option chosen.</param>
    /// <param name="tokens">A target <c>[B, N, …]</c>.</param>
    /// <param name="valid">1 for valid and 0 for padding tokens <c>[B, N]</c>; null where all are valid.</param>
    /// <param name="summary">The place of each row's token that sums it up, <c>[B]</c>; null where the backbone names none.</param>
    public static TokenMasks Of(UniPTOptions options, Tensor tokens, Tensor? valid, Tensor? summary = null)
    {
        Tensor? keys = options.Mask is true ? valid?.unsqueeze(1) : null;
        if (options.Causal is true)
        {
            int count = (int)tokens.size(1);
            Tensor earlier = TokenMask.From([.. Enumerable.Range(1, count)], count, tokens.device).expand(tokens.size(0), count, count);
            keys = keys is null ? earlier : earlier * keys;
        }

        return new TokenMasks(keys, keys is null ? null : keys / keys.sum(-1, true).clamp_min(Scalars.Of(1)), SummaryOf(options.Residual, tokens, valid, summary));
    }

    /// <summary>Those that there are.</summary>
    public IEnumerable<Tensor> All => new[] { Keys, Shares, Summary }.OfType<Tensor>();

    /// <summary>The same masks in other tensors, which come in the order of <see cref="All"/>.</summary>
    public TokenMasks In(Queue<Tensor> tensors) => new(
        Keys is null ? null : tensors.Dequeue(), Shares is null ? null : tensors.Dequeue(), Summary is null ? null : tensors.Dequeue());

    /// <summary>The masks of some of the examples.</summary>
    public TokenMasks Of(SampleRange samples) => new(
        Keys is null ? null : samples.Of(Keys), Shares is null ? null : samples.Of(Shares), Summary is null ? null : samples.Of(Summary));

    private static Tensor? SummaryOf(MergeResidual? residual, Tensor tokens, Tensor? valid, Tensor? summary)
    {
        if (residual is not (MergeResidual.SummaryToken or MergeResidual.FirstToken))
        {
            return null;
        }

        Tensor places = residual == MergeResidual.FirstToken ? First(tokens) : summary ?? Last(valid) ?? First(tokens);
        Tensor all = torch.arange(Scalars.Of(0), Scalars.Of(tokens.size(1)), Scalars.Of(1), dtype: ScalarType.Int64, device: tokens.device);
        return all.eq(places.to(tokens.device).view(-1, 1, 1)).to(ScalarType.Float32);
    }

    private static Tensor First(Tensor tokens) => torch.zeros(tokens.size(0), dtype: ScalarType.Int64);

    /// <summary>The place of each row's last token that counts; 0 in a row without any.</summary>
    private static Tensor? Last(Tensor? valid) =>
        valid is null ? null : (valid * torch.arange(Scalars.Of(0), Scalars.Of(valid.size(1)), Scalars.Of(1), dtype: ScalarType.Float32, device: valid.device)).amax([1]).to(ScalarType.Int64);
}
