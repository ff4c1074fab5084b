using UniPT.Torch;
using UniPT.Tuning.Direct;

namespace UniPT.Training.Retrieval;

/// <summary>
/// Regularised canonical correlation analysis (Hotelling 1936; Vinod 1976 for the ridge) between the pooled features
/// of pictures and of their captions, as a start for two direct paths.
/// </summary>
internal static class CorrelationStart
{
    /// <summary>Standardises both sides and sets both projections to the most correlated directions.</summary>
    /// <param name="pictures">Pooled features <c>[n, p]</c>.</param>
    /// <param name="captions">Pooled features <c>[m, q]</c>.</param>
    /// <param name="pictureOf">The picture of every caption; captions of one picture stand together.</param>
    /// <param name="image">The pictures' path.</param>
    /// <param name="text">The captions' path.</param>
    internal static void Apply(Tensor pictures, Tensor captions, IReadOnlyList<int> pictureOf, DirectPath image, DirectPath text)
    {
        using TensorScope scope = TensorScope.Begin();
        using GradientMode unrecorded = Gradients.Off();
        Side x = Standardise(pictures);
        Side t = Standardise(captions);
        Tensor means = CaptionMeans(t.Features, pictureOf, pictures.Size(0));
        Tensor whiteX = InverseRoot(x.Features, image.Options.ImageRidge);
        Tensor whiteT = InverseRoot(t.Features, image.Options.TextRidge);
        Tensor cross = x.Features.Transpose(0, 1).MatMul(means) / pictures.Size(0);
        Tensor[] directions = whiteX.MatMul(cross).MatMul(whiteT).Svd();
        long count = Math.Min(image.Output, directions[1].Size(0));
        Tensor strength = directions[1].Narrow(0, 0, count);
        Set(image, x, whiteX.MatMul(directions[0].Narrow(1, 0, count)) * strength);
        Set(text, t, whiteT.MatMul(directions[2].Transpose(0, 1).Narrow(1, 0, count)) * strength);
    }

    private static Side Standardise(Tensor pooled)
    {
        Tensor features = pooled.To("cpu").To(ScalarType.Float64);
        Tensor mean = features.Mean(0);
        Tensor centred = features - mean;
        Tensor deviation = centred.Pow(2).Mean(0).Sqrt();

        // Channels that hardly vary must not be blown up.
        Tensor scale = (deviation + (deviation.Mean() * 0.01)).Pow(-1);
        return new Side(mean, scale, centred * scale);
    }

    private static Tensor CaptionMeans(Tensor captions, IReadOnlyList<int> pictureOf, long pictures)
    {
        Tensor owner = Tensor.From(pictureOf.Select(picture => (long)picture).ToArray(), 1, pictureOf.Count);
        Tensor belongs = Tensor.Arange(0, pictures).Unsqueeze(1).Eq(owner).To(ScalarType.Float64);
        return belongs.MatMul(captions) / belongs.Sum(1, true).ClampMin(1);
    }

    /// <summary>(C + ridge · mean eigenvalue · I)^(−1/2) of the covariance C.</summary>
    private static Tensor InverseRoot(Tensor features, double ridge)
    {
        using TensorScope scope = TensorScope.Begin();
        Tensor covariance = features.Transpose(0, 1).MatMul(features) / features.Size(0);
        Tensor added = covariance.Diagonal().Mean() * ridge;
        Tensor[] eigen = (covariance + (Tensor.Eye(covariance.Size(0), ScalarType.Float64) * added)).Eigh();
        return scope.HandOut((eigen[1] * eigen[0].ClampMin(1e-12).Pow(-0.5)).MatMul(eigen[1].Transpose(0, 1)));
    }

    /// <summary>Sets a path so that its outputs have length 1 on average; unused outputs stay 0.</summary>
    private static void Set(DirectPath path, Side side, Tensor projection)
    {
        Tensor outputs = side.Features.MatMul(projection);
        Tensor scaled = projection / outputs.Norm(1).Mean();
        Tensor padded = scaled.Transpose(0, 1).Pad([0, 0, 0, path.Output - projection.Size(1)]);
        path.Start(side.Mean, side.Scale, padded);
    }

    private sealed record Side(Tensor Mean, Tensor Scale, Tensor Features);
}
