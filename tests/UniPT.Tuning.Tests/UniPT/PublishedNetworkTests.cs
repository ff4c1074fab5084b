using UniPT.Backbones;
using UniPT.Torch;
using UniPT.Tuning.Tests.Reference;
using UniPT.Tuning.UniPT;

namespace UniPT.Tuning.Tests.UniPT;

/// <summary>What runs against the published formulation: features, gradients of weights and hidden states, memory.</summary>
public sealed class PublishedNetworkTests
{
    [Theory]
    [InlineData(1, 1, 2, 3, 4, 5)]
    [InlineData(2, 3, 7, 3, 4, 5)]
    [InlineData(3, 4, 5, 13, 8, 6)]
    [InlineData(4, 5, 17, 5, 7, 9)]
    public void TheTextNetworkEqualsThePublishedOne(int seed, int batch, int tokens, int layers, int width, int output)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(seed);
        int[] lengths = [.. Enumerable.Range(0, batch).Select(row => 1 + ((row * 5) + seed) % tokens)];
        var states = new HiddenStates([.. Enumerable.Range(0, layers).Select(_ => torch.randn(batch, tokens, width))], lengths);
        Same(states, new UniPTOptions { Width = width }, output, (network, leaves) => network.Text(leaves, states.Mask));
    }

    [Theory]
    [InlineData(1, 1, 2, 3, 4, true)]
    [InlineData(2, 5, 7, 13, 6, true)]
    [InlineData(3, 3, 9, 2, 5, false)]
    public void TheVideoNetworkEqualsThePublishedOne(int seed, int batch, int tokens, int layers, int width, bool text)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(seed);
        int[]? lengths = text ? [.. Enumerable.Range(0, batch).Select(row => 1 + ((row * 5) + seed) % tokens)] : null;
        Tensor pooled = torch.randn(batch, 8);
        var states = new HiddenStates([.. Enumerable.Range(0, layers).Select(_ => torch.randn(batch, tokens, 7))], lengths) { Pooled = pooled };
        Tensor place = TensorData.From([.. Enumerable.Range(0, batch * tokens).Select(i => i % tokens == (lengths?[i / tokens] ?? 1) - 1 ? 1f : 0)], batch, 1, tokens);
        var options = new UniPTOptions { Form = PublishedForm.Clip4clip, Width = width };
        Same(states, options, 8, (network, leaves) => network.Video(leaves, pooled, states.Mask, place));
    }

    /// <summary>The backbone names the token that is added, wherever it stands, whether there are lengths or not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheVideoNetworkAddsTheTokenThatTheBackboneNames(bool text)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(4);
        (long[] places, int tokens) = ([2, 0, 5, 3], 6);
        Tensor pooled = torch.randn(4, 8);
        var states = new HiddenStates([.. Enumerable.Range(0, 3).Select(_ => torch.randn(4, tokens, 7))], text ? [4, 6, 6, 1] : null)
        {
            Pooled = pooled,
            Summary = TensorData.From(places, 4),
        };
        Tensor place = TensorData.From([.. Enumerable.Range(0, 4 * tokens).Select(i => i % tokens == places[i / tokens] ? 1f : 0)], 4, 1, tokens);
        var options = new UniPTOptions { Form = PublishedForm.Clip4clip, Width = 5 };
        Same(states, options, 8, (network, leaves) => network.Video(leaves, pooled, states.Mask, place));
    }

    [Theory]
    [InlineData(1, 1, 2, 3, 4)]
    [InlineData(2, 5, 300, 3, 6)]
    public void TheAnsweringNetworkEqualsThePublishedOne(int seed, int batch, int tokens, int layers, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(seed);
        int[] lengths = [.. Enumerable.Range(0, batch).Select(row => 1 + ((row * 5) + seed) % tokens)];
        var states = new HiddenStates([.. Enumerable.Range(0, layers).Select(_ => torch.randn(batch, tokens, 8))], lengths);
        var options = new UniPTOptions { Form = PublishedForm.ClipVil, Width = width };
        Same(states, options, 8, (network, leaves) => network.Answering(leaves, states.Mask));
    }

    [Theory]
    [InlineData(1, 1, 1, 3, new[] { 4, 2, 1 })]
    [InlineData(2, 2, 2, 2, new[] { 8, 4, 2, 1 })]
    [InlineData(3, 3, 3, 2, new[] { 3, 1, 1 })]
    [InlineData(4, 5, 4, 5, new[] { 2, 1 })]
    public void TheImageNetworkEqualsThePublishedOneWhereThatIsDefined(int seed, int batch, int height, int width, int[] ratios)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(seed);
        var states = new HiddenStates([.. ratios.Select((ratio, i) => torch.randn(batch, 8 + i, height * ratio, width * ratio))]);
        Same(states, new UniPTOptions { Width = 6 }, 8, (network, leaves) => network.Image(leaves), maps: true);
    }

    [Theory]
    [InlineData(HiddenLayout.Tokens)]
    [InlineData(HiddenLayout.Maps)]
    public void StandardisedInputsAreThoseOfThePlainNetworkOnStandardisedStates(HiddenLayout layout)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        TorchRuntime.ManualSeed(6);
        bool maps = layout == HiddenLayout.Maps;
        HiddenStates states = maps
            ? new HiddenStates([(torch.randn(3, 4, 7, 6) * Scalars.Of(3)).Add(2), (torch.randn(3, 5, 3, 3) * Scalars.Of(2)) - Scalars.Of(1)])
            : new HiddenStates([(torch.randn(3, 6, 4) * Scalars.Of(3)).Add(2), (torch.randn(3, 6, 5) * Scalars.Of(2)) - Scalars.Of(1)], [6, 2, 4]);
        Weights weights = Weights.Fresh(7);
        using WeightStore store = weights.Store;
        store.train(true);
        var options = new UniPTOptions { Width = 6, StandardiseInputs = true };
        TunedBackbone standardising = new UniPTMethod(options).Attach(new GivenStates(states), weights / "a", 8);
        TunedBackbone plain = new UniPTMethod(options with { StandardiseInputs = false }).Attach(new GivenStates(states), weights / "b", 8);
        using (IDisposable unrecorded = torch.no_grad())
        {
            foreach ((string name, Tensor parameter) in store.Parameters.Where(pair => pair.Key.StartsWith('b')))
            {
                parameter.copy_(store.Parameters["a" + name[1..]]);
            }
        }

        Standardization standardization = ((IStandardizing)standardising).Standardization!;
        standardization.Fit(Standardization.Pool(states));
        Tensor[] layers = [.. states.Layers.Select((layer, i) => maps
            ? standardization.Of(i).Forward(layer.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
            : standardization.Of(i).Forward(layer))];
        Tensor expected = plain.Adapt(states with { Layers = layers }).Tokens;
        Tensor features = standardising.Adapt(states).Tokens;
        Tensor cotangent = torch.randn(features.shape);
        features.Backward(cotangent);
        expected.Backward(cotangent);
        NetworkComparison.Close("features", expected, features, 1e-5, 0);
        foreach ((string name, Tensor parameter) in store.Parameters.Where(pair => pair.Key.StartsWith('b')))
        {
            NetworkComparison.Close(name, parameter.grad!, store.Parameters["a" + name[1..]].grad!, 1e-4, 1e-4);
        }
    }

    private static void Same(HiddenStates states, UniPTOptions options, int output, Func<PublishedNetwork, IReadOnlyList<Tensor>, Tensor> published, bool maps = false) =>
        NetworkComparison.Same(states, options, output, (weights, layers) => published(new PublishedNetwork(weights, options.Resolved.Epsilon!.Value), layers), maps);
}
