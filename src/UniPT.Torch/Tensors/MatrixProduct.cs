namespace UniPT.Torch;

/// <summary>Matrix products that check what they are given.</summary>
public static class MatrixProduct
{
    /// <summary>
    /// The matrix product of <c>torch.matmul</c>. TorchSharp's own ends the process when shapes do not fit; this one throws, and
    /// calls only products whose native side is guarded.
    /// </summary>
    /// <exception cref="ArgumentException">The shapes do not fit; the message has both.</exception>
    public static Tensor MatMul(this Tensor left, Tensor right)
    {
        (long leftDimensions, long rightDimensions) = (left.ndim, right.ndim);
        if (leftDimensions == 0 || rightDimensions == 0 || left.size(-1) != right.size(rightDimensions == 1 ? 0 : -2))
        {
            throw Mismatch(left, right);
        }

        if (leftDimensions == 2 && rightDimensions == 2)
        {
            return left.mm(right);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        if (leftDimensions == 1)
        {
            return scope.MoveToOuter(left.unsqueeze(0).MatMul(right).squeeze(rightDimensions == 1 ? 0 : -2));
        }

        if (rightDimensions == 1)
        {
            return scope.MoveToOuter(left.MatMul(right.unsqueeze(1)).squeeze(-1));
        }

        if (rightDimensions == 2)
        {
            long[] shape = left.shape;
            return scope.MoveToOuter(left.reshape(-1, shape[^1]).mm(right).view([.. shape[..^1], right.size(1)]));
        }

        return scope.MoveToOuter(Batched(left, right));
    }

    /// <summary>
    /// <c>input + alpha · (left @ right)</c> for batches of matrices, <c>torch.baddbmm</c>. TorchSharp 0.107 hands its native side
    /// the three tensors in another order than it means, so that its <c>a.baddbmm(b, c)</c> is <c>c + a @ b</c>.
    /// </summary>
    /// <param name="input">Broadcasts to <c>[B, N, M]</c>.</param>
    /// <param name="left"><c>[B, N, K]</c>.</param>
    /// <param name="right"><c>[B, K, M]</c>.</param>
    /// <param name="alpha">Multiplies the product.</param>
    public static Tensor AddBatched(Tensor input, Tensor left, Tensor right, double alpha = 1)
    {
#pragma warning disable RS0030 // The order of its arguments is minded here.
        return left.baddbmm(right, input, alpha: (float)alpha);
#pragma warning restore RS0030
    }

    private static Tensor Batched(Tensor left, Tensor right)
    {
        (long[] leftShape, long[] rightShape) = (left.shape, right.shape);
        int batch = Math.Max(leftShape.Length, rightShape.Length) - 2;
        var sizes = new long[batch];
        for (int i = 1; i <= batch; i++)
        {
            long first = i + 2 <= leftShape.Length ? leftShape[^(i + 2)] : 1;
            long second = i + 2 <= rightShape.Length ? rightShape[^(i + 2)] : 1;
            if (first != second && first != 1 && second != 1)
            {
                throw Mismatch(left, right);
            }

            sizes[^i] = first == 1 ? second : first;
        }

        Tensor Flat(Tensor tensor, long[] shape) => tensor.expand([.. sizes, shape[^2], shape[^1]]).reshape(-1, shape[^2], shape[^1]);
        return Flat(left, leftShape).bmm(Flat(right, rightShape)).view([.. sizes, leftShape[^2], rightShape[^1]]);
    }

    private static ArgumentException Mismatch(Tensor left, Tensor right) => new(
        $"a product of [{string.Join(", ", left.shape)}] and [{string.Join(", ", right.shape)}] does not exist: the sizes do not fit");
}
