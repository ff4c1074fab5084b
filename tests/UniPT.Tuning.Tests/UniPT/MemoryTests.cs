using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Tests.Reference;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.UniPT;

/// <summary>
/// Tensor bytes of a training step beyond inputs, weights and their gradients, against the published formulation. Its own are held
/// against those of the same networks in PyTorch 1.13 (<c>benchmarks/peers/published.py</c> at these sizes, one thread).
/// </summary>
public sealed class MemoryTests
{
    private const double Closeness = 0.03;

    [Fact]
    public void TheImageNetworkNeedsAThirdOfThePublishedOne()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates states = new([.. Enumerable.Range(0, 4).Select(i => torch.randn(2, 256 << i, 128 >> i, 128 >> i))]);
        Compare(states, 512, 1024, 0.35, 91_643_928, (network, layers) => network.Image(layers));
    }

    [Fact]
    public void TheTextNetworkNeedsAThirdOfThePublishedOne()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates states = new([.. Enumerable.Range(0, 13).Select(_ => torch.randn(128, 32, 48))], [.. Enumerable.Repeat(32, 128)]);
        Tensor mask = states.Mask!;
        Compare(states, 32, 64, 0.35, 48_443_392, (network, layers) => network.Text(layers, mask));
    }

    [Fact]
    public void TheVideoNetworkNeedsAFifthOfThePublishedOne()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates states = new([.. Enumerable.Range(0, 13).Select(_ => torch.randn(64, 50, 48))]) { Pooled = torch.randn(64, 32) };
        Compare(states, 32, 32, 0.2, 15_219_588, (network, layers) => network.Video(layers, states.Pooled, null, null), PublishedForm.Clip4clip);
    }

    [Fact]
    public void TheAnsweringNetworkNeedsAThirdOfThePublishedOne()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        HiddenStates states = new([.. Enumerable.Range(0, 13).Select(_ => torch.randn(16, 260, 96))], [.. Enumerable.Repeat(260, 16)]);
        Tensor mask = states.Mask!;
        Compare(states, 48, 96, 0.35, 157_310_208, (network, layers) => network.Answering(layers, mask), PublishedForm.ClipVil);
    }

    private static void Compare(
        HiddenStates states, int width, int output, double bound, long pyTorch, Func<PublishedNetwork, IReadOnlyList<Tensor>, Tensor> published, PublishedForm form = PublishedForm.Vse)
    {
        Weights weights = Weights.Fresh(7);
        using WeightStore store = weights.Store;
        store.train(true);
        TunedBackbone tuned = new UniPTMethod(new UniPTOptions { Form = form, Width = width }).Attach(new GivenStates(states), weights, output);
        Tensor cotangent = torch.randn(tuned.Adapt(states).Tokens.shape);
        foreach (Tensor parameter in store.Parameters.Values)
        {
            parameter.grad = parameter.detach().zeros_like();
        }

        var reference = new PublishedNetwork(store.State());

        // Kernels of another libtorch take other work space for each further thread.
        int threads = TorchRuntime.Threads;
        TorchRuntime.Threads = 1;
        try
        {
            long ours = Peak(() => tuned.Adapt(states).Tokens.Backward(cotangent));
            long theirs = Peak(() => published(reference, states.Layers).Backward(cotangent));
            Assert.InRange(theirs, (1 - Closeness) * pyTorch, (1 + Closeness) * pyTorch);
            Assert.True(ours <= bound * theirs, $"{ours / 1e6:f1} MB, the published formulation needs {theirs / 1e6:f1} MB");
        }
        finally
        {
            TorchRuntime.Threads = threads;
        }
    }

    private static long Peak(Action step)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();
        step();
        return TensorMemory.Peak() - before;
    }
}
