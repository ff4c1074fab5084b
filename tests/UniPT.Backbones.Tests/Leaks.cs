using UniPT.Torch;

namespace UniPT.Backbones.Tests;

/// <summary>Counts what repeated work leaves behind.</summary>
internal static class Leaks
{
    /// <summary>Asserts that neither tensors nor bytes pile up over 100 rounds, each in a scope of its own.</summary>
    public static void None(Action work)
    {
        Round(work);
        long tensors = Tensor.TotalCount;
        long bytes = TensorMemory.Current();
        for (int i = 0; i < 100; i++)
        {
            Round(work);
        }

        Assert.Equal((tensors, bytes), (Tensor.TotalCount, TensorMemory.Current()));
    }

    private static void Round(Action work)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        work();
    }
}
