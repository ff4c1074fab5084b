namespace UniPT.Torch;

/// <summary>In training, zeroes elements with a probability and scales the others up, as <c>torch.nn.Dropout</c>.</summary>
public sealed class Dropout(Weights weights, double rate) : Module(weights)
{
    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => rate > 0 && training ? nn.functional.dropout(input, rate, true) : input;
}
