using UniPT.Torch;
using UniPT.Tuning.Direct;

namespace UniPT.Training.Retrieval;

/// <summary>
/// Regularised canonical correlation analysis (Hotelling 1936; Vinod 1976 for the ridge) between the pooled features
/// of pictures and of their captions, as a start for two direct paths.
/// </summary>
internal static class CorrelationStart
{
    /// <summary>Sets both projections to the most correlated directions, each times its correlation.</summary>
    /// <param name="pictures">Standardised features <c>[n, p]</c>.</param>
    /// <param name="captions">Standardised features <c>[m, q]</c>.</param>
    /// <param name="pictureOf">The picture of every caption.</param>
    /// <param name="image">The pictures' path.</param>
    /// <param name="text">The captions' path.</param>
    internal static void Apply(Tensor pictures, Tensor captions, IReadOnlyList<int> pictureOf, DirectPath image, DirectPath text)
    {
        using TensorScope scope = TensorScope.Begin();
        using GradientMode unrecorded = Gradients.Off();
        Tensor x = pictures.To("cpu").To(ScalarType.Float64);
        Tensor t = captions.To("cpu").To(ScalarType.Float64);
        Tensor rootX = Root(x, image.Options.ImageRidge);
        Tensor rootT = Root(t, image.Options.TextRidge);

        // The cross-covariance of whitened features, with a triangular root instead of the symmetric one: the
        // directions that come out are the same.
        Tensor cross = x.Transpose(0, 1).MatMul(CaptionMeans(t, pictureOf, x.Size(0))) / x.Size(0);
        Tensor white = rootX.SolveTriangular(cross, upper: false);
        white = rootT.SolveTriangular(white.Transpose(0, 1), upper: false).Transpose(0, 1);

        // Its right singular vectors, strongest first; times it, they are the left ones by their strengths.
        long count = Math.Min(image.Output, Math.Min(x.Size(1), t.Size(1)));
        Tensor[] eigen = white.Transpose(0, 1).MatMul(white).Eigh();
        Tensor right = eigen[1].Flip(1).Narrow(1, 0, count);
        Tensor strength = eigen[0].Flip(0).Narrow(0, 0, count).ClampMin(0).Sqrt();
        Set(image, x, rootX.Transpose(0, 1).SolveTriangular(white.MatMul(right), upper: true));
        Set(text, t, rootT.Transpose(0, 1).SolveTriangular(right * strength, upper: true));
    }

    /// <summary>The lower triangular root of the covariance, to whose diagonal ridge · its mean is added.</summary>
    private static Tensor Root(Tensor features, double ridge)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor covariance = features.Transpose(0, 1).MatMul(features) / features.Size(0);
        Tensor added = covariance.Diagonal().Mean() * ridge;
        return scope.HandOut((covariance + (Tensor.Eye(covariance.Size(0), ScalarType.Float64) * added)).Cholesky());
    }

    private static Tensor CaptionMeans(Tensor captions, IReadOnlyList<int> pictureOf, long pictures)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor owners = Tensor.From(pictureOf.Select(picture => (long)picture).ToArray(), pictureOf.Count);
        Tensor sums = Tensor.Zeros([pictures, captions.Size(1)], ScalarType.Float64);
        Tensor counts = Tensor.Zeros([pictures, 1], ScalarType.Float64);
        sums.IndexAdd_(0, owners, captions);
        counts.IndexAdd_(0, owners, Tensor.Ones([pictureOf.Count, 1], ScalarType.Float64));
        return scope.HandOut(sums / counts.ClampMin(1));
    }

    /// <summary>Sets a path so that its outputs have length 1 on average; unused outputs stay 0.</summary>
    private static void Set(DirectPath path, Tensor features, Tensor projection)
    {
        Tensor scaled = projection / features.MatMul(projection).Norm(1).Mean();
        path.Start(scaled.Transpose(0, 1).Pad([0, 0, 0, path.Output - projection.Size(1)]));
    }
}
