using UniPT.Torch.Operators;

namespace UniPT.Torch;

// Recurrent networks.
public sealed partial class Tensor
{
    /// <summary>One gated recurrent layer over <c>[B, N, in]</c>; parameters in the order of PyTorch; gives all states and the last.</summary>
    public Tensor[] Gru(Tensor hidden, Tensor[] parameters) => Ops.Gru.CallMany(this, hidden, parameters, true, 1, 0.0, false, false, true);
}
