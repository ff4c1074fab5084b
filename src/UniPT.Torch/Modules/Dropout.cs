namespace UniPT.Torch;

/// <summary>In training, zeroes elements with the given probability and scales the others by 1/(1 − rate).</summary>
public sealed class Dropout(Weights weights, double rate) : Module
{
    private readonly Mode _mode = weights.Mode;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => rate > 0 && _mode.Training ? nn.functional.dropout(input, rate, true) : input;
}
