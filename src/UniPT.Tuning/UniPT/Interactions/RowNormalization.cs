
namespace UniPT.Tuning.UniPT.Interactions;

/// <summary>Turns similarities into what every token counts: a function of each, divided by its sum over the valid tokens.</summary>
internal abstract class RowNormalization
{
    /// <summary>The normalisation that belongs to the interaction that the options choose.</summary>
    public static RowNormalization Of(UniPTOptions options) =>
        options.Interaction == Interaction.ReluL1 ? new L1Normalization(options.Epsilon!.Value, options.EpsilonUse!.Value) : new SoftmaxNormalization();

    /// <summary>In place: what tokens count before the division, 0 where they are not valid.</summary>
    /// <param name="similarity"><c>[…, Q, N]</c>.</param>
    /// <param name="keys">1 for valid and 0 for other tokens, broadcast to it; null where all are valid.</param>
    public abstract void Count(Tensor similarity, Tensor? keys);

    /// <summary>What the counts are divided by, <c>[…, Q, 1]</c>.</summary>
    public abstract Tensor Sums(Tensor counts);

    /// <summary>In place: the gradient of the similarity from that of the counts.</summary>
    public abstract void CountsGradient(Tensor gradient, Tensor counts);

    /// <summary>The gradient of the counts' plain sum from that of what they are divided by; <c>[…, Q, 1]</c> both.</summary>
    public abstract Tensor SumsGradient(Tensor gradient, Tensor sums);
}
