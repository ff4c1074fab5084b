namespace UniPT.Tasks.Shared.Classification;

/// <summary>
/// How well predicted classes agree with the true ones; the values of scikit-learn's <c>accuracy_score</c>, <c>f1_score</c> and
/// <c>matthews_corrcoef</c>. Classes are indices from 0; truth and predictions are of one length, at least 1.
/// </summary>
public static class ClassificationMetrics
{
    /// <summary>The share of right predictions, 0 … 1.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or are 0.</exception>
    public static double Accuracy(ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted)
    {
        Require(truth, predicted);
        int right = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            right += truth[i] == predicted[i] ? 1 : 0;
        }

        return (double)right / truth.Length;
    }

    /// <summary>
    /// The harmonic mean of precision and recall of one class, 0 … 1: 2·TP / (2·TP + FP + FN); 0 where the class is neither there nor predicted.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ, or are 0.</exception>
    public static double F1(ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted, int positive)
    {
        Require(truth, predicted);
        (int both, int either) = (0, 0);
        for (int i = 0; i < truth.Length; i++)
        {
            both += truth[i] == positive && predicted[i] == positive ? 1 : 0;
            either += (truth[i] == positive ? 1 : 0) + (predicted[i] == positive ? 1 : 0);
        }

        return either == 0 ? 0 : 2.0 * both / either;
    }

    /// <summary>The mean of <see cref="F1"/> over the classes that are there or predicted, 0 … 1.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or are 0.</exception>
    public static double MacroF1(ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted)
    {
        Require(truth, predicted);
        double sum = 0;
        int[] classes = [.. truth.ToArray().Concat(predicted.ToArray()).Distinct().Order()];
        foreach (int positive in classes)
        {
            sum += F1(truth, predicted, positive);
        }

        return sum / classes.Length;
    }

    /// <summary>
    /// Matthews' correlation coefficient, −1 … 1, for any number of classes (R_K of Gorodkin 2004); 0 where it is undefined, because truth or predictions are
    /// all of one class.
    /// </summary>
    /// <exception cref="ArgumentException">The lengths differ, or are 0.</exception>
    public static double Matthews(ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted)
    {
        Require(truth, predicted);
        int classes = 1;
        for (int i = 0; i < truth.Length; i++)
        {
            classes = Math.Max(classes, Math.Max(truth[i], predicted[i]) + 1);
        }

        var (ofTruth, ofPredicted) = (new double[classes], new double[classes]);
        double right = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            ofTruth[truth[i]]++;
            ofPredicted[predicted[i]]++;
            right += truth[i] == predicted[i] ? 1 : 0;
        }

        double all = truth.Length;
        double covariance = (right * all) - Dot(ofTruth, ofPredicted);
        double spread = Math.Sqrt(((all * all) - Dot(ofPredicted, ofPredicted)) * ((all * all) - Dot(ofTruth, ofTruth)));
        return spread == 0 ? 0 : covariance / spread;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static void Require(ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted)
    {
        if (truth.Length == 0 || truth.Length != predicted.Length)
        {
            throw new ArgumentException($"Truth and predictions must be of one length that is not 0; they have {truth.Length} and {predicted.Length}.", nameof(predicted));
        }
    }
}
