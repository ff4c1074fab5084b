using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases.T5;

/// <summary>Divides by the root mean square; there is no shift.</summary>
internal sealed class T5Norm(Weights weights, int width, double epsilon)
{
    private readonly Tensor _weight = weights.Parameter("weight", Initializers.Ones, width);

    public Tensor Forward(Tensor input) => input * (input.pow(Scalars.Of(2)).mean([-1], keepdim: true) + Scalars.Of(epsilon)).rsqrt() * _weight;
}
