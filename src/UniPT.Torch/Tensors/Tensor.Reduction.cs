using UniPT.Torch.Operators;

namespace UniPT.Torch;

// Sums, means and extremes.
public sealed partial class Tensor
{
    /// <summary>Sum of all elements.</summary>
    public Tensor Sum() => Ops.SumAll.Call(this);

    /// <summary>Sum over a dimension.</summary>
    public Tensor Sum(long dimension, bool keep = false) => Ops.Sum.Call(this, new[] { dimension }, keep);

    /// <summary>Sum over dimensions.</summary>
    public Tensor Sum(long[] dimensions, bool keep = false) => Ops.Sum.Call(this, dimensions, keep);

    /// <summary>Mean of all elements.</summary>
    public Tensor Mean() => Ops.MeanAll.Call(this);

    /// <summary>Mean over a dimension.</summary>
    public Tensor Mean(long dimension, bool keep = false) => Ops.Mean.Call(this, new[] { dimension }, keep);

    /// <summary>Mean over dimensions.</summary>
    public Tensor Mean(long[] dimensions, bool keep = false) => Ops.Mean.Call(this, dimensions, keep);

    /// <summary>Maximum over a dimension; ties share the gradient.</summary>
    public Tensor Amax(long dimension, bool keep = false) => Ops.Amax.Call(this, new[] { dimension }, keep);

    /// <summary>Largest element.</summary>
    public Tensor Max() => Ops.MaxAll.Call(this);

    /// <summary>Maximum over a dimension, and where it is; the gradient goes to that element.</summary>
    public Tensor[] Max(long dimension, bool keep = false) => Ops.MaxDim.CallMany(this, dimension, keep);

    /// <summary>Index of the maximum over a dimension.</summary>
    public Tensor Argmax(long dimension) => Ops.Argmax.Call(this, dimension);

    /// <summary>Whether all elements are true.</summary>
    public Tensor All() => Ops.All.Call(this);

    /// <summary>Euclidean norm of all elements.</summary>
    public Tensor Norm() => Ops.NormAll.Call(this);

    /// <summary>Euclidean norm over a dimension.</summary>
    public Tensor Norm(long dimension, bool keep = false) => Ops.NormDim.Call(this, 2.0, new[] { dimension }, keep);

    /// <summary>Sorted values and their indices.</summary>
    public Tensor[] Sort(long dimension, bool descending = false) => Ops.Sort.CallMany(this, dimension, descending);

    /// <summary>The largest values in descending order, and their indices.</summary>
    public Tensor[] TopK(long count, long dimension = -1) => Ops.Topk.CallMany(this, count, dimension);
}
