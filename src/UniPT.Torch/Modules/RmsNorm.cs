namespace UniPT.Torch;

/// <summary>
/// Divides the last dimension by its root mean square, <c>w·x / √(mean(x²) + ε)</c>: there is neither a mean to subtract nor a shift (Zhang and
/// Sennrich, arXiv 1910.07467; T5's layer norm). The mean square is taken in float32, whatever the type of what comes in.
/// </summary>
/// <param name="weights">Where <c>weight [width]</c> stands.</param>
/// <param name="width">Of the last dimension.</param>
/// <param name="epsilon">ε.</param>
public sealed class RmsNorm(Weights weights, long width, double epsilon = 1e-6) : Norm(weights, width, epsilon)
{
    /// <inheritdoc/>
    public override Tensor? Bias => null;

    /// <summary>A shift that a method adds, <c>[width]</c>; null for none.</summary>
    public Tensor? AddedBias { get; set; }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input)
    {
        Tensor exact = input.to(ScalarType.Float32);
        Tensor scale = (exact * exact).mean([-1L], true).Add(Epsilon).rsqrt();
        Tensor normed = (exact * scale).to(input.dtype) * Weight;
        return AddedBias is { } bias ? normed.Add(bias) : normed;
    }
}
