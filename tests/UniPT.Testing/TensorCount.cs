using UniPT.Torch;

namespace UniPT.Testing;

/// <summary>
/// Tensors at a moment, after everything that nobody refers to any more was collected: tests that leave some to finalizers do not
/// disturb those that come after them.
/// </summary>
/// <param name="Live">Tensors that hold a native one.</param>
/// <param name="Bytes">What they and recorded graphs hold on the CPU.</param>
/// <param name="Finalized">Tensors, since the process began, that a finalizer freed because nobody else had.</param>
public sealed record TensorCount(long Live, long Bytes, long Finalized)
{
    private static long FreedByFinalizers;

    /// <summary>Collects and counts.</summary>
    public static TensorCount Now()
    {
        // A finalizer may free what refers to others.
        for (int round = 0; round < 3; round++)
        {
            _ = new FinalizerThread();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return new TensorCount(Tensor.TotalCount, TensorMemory.Current(), Interlocked.Read(ref FreedByFinalizers));
    }

    /// <summary>TorchSharp counts for each thread what it frees; only a finalizer can read what their thread freed.</summary>
    private sealed class FinalizerThread
    {
        ~FinalizerThread()
        {
            LifetimeStatistics freed = DisposeScopeManager.Statistics.TensorStatistics;
            Interlocked.Exchange(ref FreedByFinalizers, freed.DisposedOutsideScopeCount + freed.DisposedInScopeCount);
        }
    }
}
