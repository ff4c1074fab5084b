namespace UniPT.Torch.Operators;

internal static partial class Ops
{
    internal static readonly Operator Gru = new("aten::gru.input(Tensor input, Tensor hx, Tensor[] params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional, bool batch_first)");
}
