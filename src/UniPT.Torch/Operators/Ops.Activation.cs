namespace UniPT.Torch.Operators;

internal static partial class Ops
{
    internal static readonly Operator Relu = new("aten::relu(Tensor self)");
    internal static readonly Operator Gelu = new("aten::gelu(Tensor self, *, str approximate=\"none\")");
    internal static readonly Operator Sigmoid = new("aten::sigmoid(Tensor self)");
    internal static readonly Operator Tanh = new("aten::tanh(Tensor self)");
    internal static readonly Operator Hardtanh = new("aten::hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1)");
    internal static readonly Operator Softmax = new("aten::softmax.int(Tensor self, int dim)");
    internal static readonly Operator LogSoftmax = new("aten::log_softmax.int(Tensor self, int dim)");
    internal static readonly Operator Dropout = new("aten::dropout(Tensor input, float p, bool train)");
    internal static readonly Operator LayerNorm = new("aten::layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight=None, Tensor? bias=None, float eps=1e-05)");
    internal static readonly Operator BatchNorm = new("aten::batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps, bool cudnn_enabled)");
    internal static readonly Operator Embedding = new("aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1)");
}
