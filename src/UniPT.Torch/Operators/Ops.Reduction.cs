namespace UniPT.Torch.Operators;

internal static partial class Ops
{
    internal static readonly Operator SumAll = new("aten::sum(Tensor self)");
    internal static readonly Operator Sum = new("aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False)");
    internal static readonly Operator MeanAll = new("aten::mean(Tensor self)");
    internal static readonly Operator Mean = new("aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False)");
    internal static readonly Operator Amax = new("aten::amax(Tensor self, int[1] dim=[], bool keepdim=False)");
    internal static readonly Operator MaxAll = new("aten::max(Tensor self)");
    internal static readonly Operator MaxDim = new("aten::max.dim(Tensor self, int dim, bool keepdim=False)");
    internal static readonly Operator Argmax = new("aten::argmax(Tensor self, int? dim=None, bool keepdim=False)");
    internal static readonly Operator All = new("aten::all(Tensor self)");
    internal static readonly Operator NormAll = new("aten::norm.Scalar(Tensor self, Scalar p=2)");
    internal static readonly Operator NormDim = new("aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False)");
    internal static readonly Operator Sort = new("aten::sort(Tensor self, int dim=-1, bool descending=False)");
    internal static readonly Operator Topk = new("aten::topk(Tensor self, int k, int dim=-1, bool largest=True, bool sorted=True)");
}
