using UniPT.Testing;

namespace UniPT.Backbones.Tests;

/// <summary>Counts what repeated work leaves behind.</summary>
internal static class Leaks
{
    /// <summary>Asserts that neither tensors nor bytes pile up over 100 rounds, each in a scope of its own, and that none is left to finalizers.</summary>
    public static void None(Action work)
    {
        Round(work);
        TensorCount before = TensorCount.Now();
        for (int i = 0; i < 100; i++)
        {
            Round(work);
        }

        Assert.Equal(before, TensorCount.Now());
    }

    private static void Round(Action work)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        work();
    }
}
