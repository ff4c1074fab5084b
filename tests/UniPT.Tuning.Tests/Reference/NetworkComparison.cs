using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.Reference;

/// <summary>What runs against a plain formulation with the same weights: features, gradients of weights and hidden states.</summary>
internal static class NetworkComparison
{
    /// <summary>A plain formulation: features from a network's weights by name and hidden states.</summary>
    public delegate Tensor Formulation(IReadOnlyDictionary<string, Tensor> weights, IReadOnlyList<Tensor> layers);

    /// <summary>Fails where the two differ.</summary>
    /// <param name="states">The hidden states.</param>
    /// <param name="options">What runs.</param>
    /// <param name="output">Width of the features.</param>
    /// <param name="formulation">What it must equal.</param>
    /// <param name="maps">Whether only the last hidden state takes gradients.</param>
    public static void Same(HiddenStates states, UniPTOptions options, int output, Formulation formulation, bool maps = false)
    {
        Weights weights = Weights.Fresh(7);
        using WeightStore store = weights.Store;
        store.train(true);
        TunedBackbone tuned = new UniPTMethod(options).Attach(new GivenStates(states), weights, output);
        Dictionary<string, Tensor> leaves = states.Layers.Select((layer, i) => (layer, i)).Skip(maps ? states.Layers.Count - 1 : 0)
            .ToDictionary(pair => $"layer {pair.i}", pair => pair.layer);
        foreach (Tensor leaf in leaves.Values)
        {
            leaf.requires_grad = true;
        }

        Tensor features = tuned.Adapt(states).Tokens;
        Tensor cotangent = torch.randn(features.shape);
        Dictionary<string, Tensor> actual = GradientsOf(features, cotangent, store, leaves);
        Tensor expected = formulation(store.State(), states.Layers);
        Close("features", expected, features, 1e-5, 0);
        Dictionary<string, Tensor> wanted = GradientsOf(expected, cotangent, store, leaves);

        // Some gradients are 0 in exact arithmetic, so that what there is of them is rounding, which differs between processors: biases
        // before batch norm, the gate's bias.
        double rounding = 1e-5 * wanted.Values.Max(Largest);
        foreach ((string name, Tensor gradient) in wanted)
        {
            Close(name, gradient, actual[name], 1e-4, rounding);
        }
    }

    /// <summary>Fails where two tensors differ by more than a share of the largest expected value and a rest.</summary>
    public static void Close(string name, Tensor expected, Tensor actual, double relative, double absolute)
    {
        Assert.Equal(expected.shape, actual.shape);
        double error = Largest(expected - actual);
        Assert.True(error <= (relative * Largest(expected)) + absolute, $"{name} is off by {error:g3} where {Largest(expected):g3} is the largest");
    }

    // A layer that the options leave out takes no gradient.
    private static Dictionary<string, Tensor> GradientsOf(Tensor output, Tensor cotangent, WeightStore store, Dictionary<string, Tensor> leaves)
    {
        output.Backward(cotangent);
        var gradients = new Dictionary<string, Tensor>();
        foreach ((string name, Tensor leaf) in store.Parameters.Select(pair => KeyValuePair.Create(pair.Key, (Tensor)pair.Value)).Concat(leaves))
        {
            gradients[name] = leaf.grad?.clone() ?? leaf.detach().zeros_like();
            leaf.grad = null;
        }

        return gradients;
    }

    private static double Largest(Tensor tensor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable unrecorded = torch.no_grad();
        return tensor.abs().max().Item();
    }
}
