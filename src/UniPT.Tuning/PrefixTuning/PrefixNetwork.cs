using UniPT.Torch;

namespace UniPT.Tuning.PrefixTuning;

/// <summary>Learned vectors and the bottleneck that all prefixes are made of: <c>tanh(W·e + b)</c>.</summary>
internal sealed class PrefixNetwork(Weights weights, int length, long width, int bottleneck)
{
    private readonly Tensor _vectors = weights.Parameter("vectors", Initializers.Normal(1), length, width);
    private readonly Linear _down = new(weights / "down", width, bottleneck);

    /// <summary><c>[P, bottleneck]</c>.</summary>
    public Tensor Forward()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(_down.forward(_vectors).tanh());
    }
}
