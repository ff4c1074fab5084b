using UniPT.Torch;

namespace UniPT.Backbones.Layers;

/// <summary>What stands behind the last block of a stack whose blocks normalise what goes into them: an RMS norm, then dropout in training.</summary>
public sealed class FinalNorm : Module
{
    private readonly double _rate;
    private readonly Dropout _dropout;

    /// <summary>Takes <c>weight [width]</c>.</summary>
    /// <param name="weights">Where it stands.</param>
    /// <param name="width">Of the tokens.</param>
    /// <param name="epsilon">Of the norm.</param>
    /// <param name="dropout">Share of features left out in training.</param>
    public FinalNorm(Weights weights, int width, double epsilon, double dropout) : base(weights)
    {
        (_rate, _dropout) = (dropout, new Dropout(weights, dropout));
        Norm = new RmsNorm(weights, width, epsilon);
    }

    /// <summary>The norm.</summary>
    public RmsNorm Norm { get; }

    /// <summary>A new one of the same make for tokens of another width.</summary>
    public FinalNorm Resized(Weights weights, int width) => new(weights, width, Norm.Epsilon, _rate);

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor input) => _dropout.forward(Norm.forward(input));
}
