using UniPT.Torch;

namespace UniPT.Tuning.Lst;

/// <summary>Mixes a side state with a projected hidden state: <c>g·s + (1 − g)·d</c>, g = σ(α/T) where it is learned.</summary>
internal sealed class LadderGate
{
    private readonly Tensor? _alpha;
    private readonly LstOptions _options;

    /// <summary>Takes α, <c>[1]</c>, for a learnable gate; it starts at 0.</summary>
    public LadderGate(Weights weights, string name, LstOptions options)
    {
        _options = options;
        _alpha = options.Gate == GateKind.Learnable ? weights.Parameter(name, Initializers.Zeros, 1) : null;
    }

    /// <summary>Both of one shape.</summary>
    public Tensor Mix(Tensor side, Tensor down)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return scope.MoveToOuter(_options.Gate switch
        {
            GateKind.None => side.Add(down),
            GateKind.Constant => down.Add((side - down) * Scalars.Of(_options.GateValue)),
            _ => down.Add((side - down) * (_alpha! / Scalars.Of(_options.Temperature)).sigmoid()),
        });
    }
}
