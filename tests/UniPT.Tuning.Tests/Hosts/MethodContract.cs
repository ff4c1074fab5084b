using UniPT.Backbones;
using UniPT.Testing;
using UniPT.Torch;

namespace UniPT.Tuning.Tests.Hosts;

/// <summary>What holds of every method that reaches inside.</summary>
internal static class MethodContract
{
    /// <summary>Parameters of the projection of a hidden state.</summary>
    public static long Linear(int width) => (width + 1) * Trial.Output;

    /// <summary>As <see cref="TrainsOnly"/>, with the projection of the last hidden state.</summary>
    public static void TrainsExactly(string host, TuningMethod method, long count, params string[] trained) =>
        TrainsOnly(host, method, count, [.. trained, "method.linear.weight", "method.linear.bias"]);

    /// <summary>Two steps change exactly what trains, and a copy of that makes the same features of a fresh model.</summary>
    public static void TrainsOnly(string host, TuningMethod method, long count, params string[] trained)
    {
        using var trial = new Trial(host, method);
        Assert.Equal(trained.Order(StringComparer.Ordinal), trial.Trained.Order(StringComparer.Ordinal));
        Assert.Equal(count, trial.TrainedCount);
        float[] before = trial.Features();
        Assert.Equal(Moved(trial.Trained), Moved(trial.Train()));
        float[] learned = trial.Features();
        Assert.NotEqual(before, learned);
        using var copy = new Trial(host, method, seed: 2);
        Assert.NotEqual(learned, copy.Features());
        copy.Load(trial);
        Assert.Equal(learned, copy.Features());
    }

    /// <summary>Without the gate's shift of all scores: their softmax does not see it, so its gradient is rounding or nothing.</summary>
    public static IEnumerable<string> Moved(IReadOnlyList<string> names) => names.Where(name => !name.EndsWith("gate_layer.bias")).Order(StringComparer.Ordinal);

    /// <summary>Nothing is lost or kept over repeated steps.</summary>
    public static void LeaksNothing(string host, TuningMethod method)
    {
        TensorCount live = TensorCount.Now();
        using (var trial = new Trial(host, method))
        {
            trial.Train(1);
            TensorCount after = TensorCount.Now();
            trial.Train(3);
            Assert.Equal(after, TensorCount.Now());
        }

        Assert.Equal(live, TensorCount.Now());
    }

    /// <summary>What stands at padding positions of hidden states does not reach the features of the others.</summary>
    public static void DoesNotSeePadding(TuningMethod method)
    {
        using var trial = new Trial("use_lite", method);
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        HiddenStates hidden = trial.Tuned.Hidden(trial.Host.Input);
        Tensor valid = hidden.Mask!.unsqueeze(-1);
        HiddenStates noisy = hidden with { Layers = [.. hidden.Layers.Select(layer => layer.Add((valid - Scalars.Of(1)) * Scalars.Of(9)))] };
        Tensor features = trial.Tuned.Adapt(hidden).Tokens;
        Tensor difference = (features - trial.Tuned.Adapt(noisy).Tokens) * valid;
        Assert.Equal(0, difference.abs().max().Item(), 1e-5 * features.abs().max().Item());
    }

    /// <summary>A backbone that shows no blocks is refused in one sentence.</summary>
    public static void RefusesAClosedBackbone(TuningMethod method)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using WeightStore store = Weights.Fresh(1).Store;
        var closed = new GivenStates(new HiddenStates([torch.zeros(1, 2, 3)]));
        var error = Assert.Throws<UserException>(() => method.Attach(closed, Weights.Fresh(1), 4));
        Assert.StartsWith($"{method.Name} is not defined for given", error.Message);
        Assert.Single(error.Message.Split(". "));
    }
}
