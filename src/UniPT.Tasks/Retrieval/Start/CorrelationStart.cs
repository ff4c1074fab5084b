using UniPT.Torch;
using UniPT.Tuning.Direct;

namespace UniPT.Tasks.Retrieval.Start;

/// <summary>
/// Regularised canonical correlation analysis (Hotelling 1936; Vinod 1976 for the ridge) between the pooled features
/// of pictures and of their captions, as a start for two direct paths.
/// </summary>
internal static class CorrelationStart
{
    /// <summary>Correlations below it are rounding: features are floats.</summary>
    private const double Weakest = 1e-5;

    /// <summary>Sets both projections to the most correlated directions, each times its correlation.</summary>
    /// <param name="pictures">Standardised features <c>[n, p]</c>.</param>
    /// <param name="captions">Standardised features <c>[m, q]</c>.</param>
    /// <param name="pictureOf">The picture of every caption.</param>
    /// <param name="image">The pictures' path.</param>
    /// <param name="text">The captions' path.</param>
    /// <param name="options">The ridges.</param>
    /// <returns>Whether there was anything to set: pictures and captions that vary, and together.</returns>
    internal static bool Apply(Tensor pictures, Tensor captions, IReadOnlyList<int> pictureOf, DirectPath image, DirectPath text, CorrelationStartOptions options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        Tensor x = pictures.to(CPU).to(ScalarType.Float64);
        Tensor t = captions.to(CPU).to(ScalarType.Float64);
        if (x.abs().max().Item() == 0 || t.abs().max().Item() == 0)
        {
            return false;
        }

        Tensor rootX = Root(x, options.ImageRidge);
        Tensor rootT = Root(t, options.TextRidge);

        // The cross-covariance of whitened features, with a triangular root instead of the symmetric one: the
        // directions that come out are the same.
        Tensor cross = x.transpose(0, 1).MatMul(CaptionMeans(t, pictureOf, x.size(0))) / Scalars.Of(x.size(0));
        Tensor white = linalg.solve_triangular(rootX, cross, upper: false);
        white = linalg.solve_triangular(rootT, white.transpose(0, 1), upper: false).transpose(0, 1);

        // Its right singular vectors, strongest first; times it, they are the left ones by their strengths.
        long count = Math.Min(image.Output, Math.Min(x.size(1), t.size(1)));
        (Tensor values, Tensor vectors) = linalg.eigh(white.transpose(0, 1).MatMul(white));
        Tensor right = vectors.flip(1).narrow(1, 0, count);
        Tensor strength = values.flip(0).narrow(0, 0, count).clamp_min(Scalars.Of(0)).sqrt();
        if (strength.max().Item() < Weakest)
        {
            return false;
        }

        Set(image, x, linalg.solve_triangular(rootX.transpose(0, 1), white.MatMul(right), upper: true));
        Set(text, t, linalg.solve_triangular(rootT.transpose(0, 1), right * strength, upper: true));
        return true;
    }

    /// <summary>The lower triangular root of the covariance, to whose diagonal ridge · its mean is added.</summary>
    private static Tensor Root(Tensor features, double ridge)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor covariance = features.transpose(0, 1).MatMul(features) / Scalars.Of(features.size(0));
        Tensor added = covariance.diagonal().mean() * Scalars.Of(ridge);
        return scope.MoveToOuter(linalg.cholesky(covariance.Add(torch.eye(covariance.size(0), dtype: ScalarType.Float64) * added)));
    }

    private static Tensor CaptionMeans(Tensor captions, IReadOnlyList<int> pictureOf, long pictures)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Tensor owners = TensorData.From(pictureOf.Select(picture => (long)picture).ToArray(), pictureOf.Count);
        Tensor sums = torch.zeros(pictures, captions.size(1), dtype: ScalarType.Float64);
        Tensor counts = torch.zeros(pictures, 1, dtype: ScalarType.Float64);
        sums.index_add_(0, owners, captions, Scalars.Of(1));
        counts.index_add_(0, owners, torch.ones(pictureOf.Count, 1, dtype: ScalarType.Float64), Scalars.Of(1));
        return scope.MoveToOuter(sums / counts.clamp_min(Scalars.Of(1)));
    }

    /// <summary>Sets a path so that its outputs have length 1 on average; unused outputs stay 0.</summary>
    private static void Set(DirectPath path, Tensor features, Tensor projection)
    {
        Tensor scaled = projection / features.MatMul(projection).norm(1).mean();
        path.Start(nn.functional.pad(scaled.transpose(0, 1), [0, 0, 0, path.Output - projection.size(1)]));
    }
}
