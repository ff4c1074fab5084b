namespace UniPT.Torch;

/// <summary>In training, zeroes elements with a probability and scales the others up, as <c>torch.nn.Dropout</c>.</summary>
public sealed class Dropout(Weights weights, double rate) : Module(weights)
{
    /// <summary>The probability as things stand: 0 in evaluation.</summary>
    public double Rate => training ? rate : 0;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => Rate > 0 ? nn.functional.dropout(input, rate, true) : input;
}
