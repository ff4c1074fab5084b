using UniPT.Tuning.Direct;

namespace UniPT.Tuning;

/// <summary>A tuned backbone that may put hidden states on one scale.</summary>
public interface IStandardizing
{
    /// <summary>What must be fitted to the training split before training begins; null where nothing is.</summary>
    Standardization? Standardization { get; }
}

/// <summary>A tuned backbone that may have a direct path beside it.</summary>
public interface IHasDirectPath
{
    /// <summary>The path; null where there is none.</summary>
    DirectPath? Direct { get; }

    /// <summary>Zeroes what the method adds to the path, so that training starts from the path alone.</summary>
    void Silence();
}

/// <summary>A tuned backbone that may start from how much a loss depends on each of the backbone's weights.</summary>
public interface IStartsFromFisher
{
    /// <summary>Training batches over which the Fisher information is needed; 0 where it is not.</summary>
    int FisherBatches { get; }

    /// <summary>Examples of such a batch; null for those of a training batch.</summary>
    int? FisherBatchSize { get; }

    /// <summary>Starts from it, before training begins.</summary>
    /// <param name="fisher">Sums of squared gradients by the names of the backbone's parameters.</param>
    void StartFrom(IReadOnlyDictionary<string, Tensor> fisher);
}
