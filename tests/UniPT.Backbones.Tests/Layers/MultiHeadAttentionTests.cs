using UniPT.Backbones.Layers;
using UniPT.Torch;

namespace UniPT.Backbones.Tests.Layers;

public sealed class MultiHeadAttentionTests
{
    private const int Width = 6;
    private const int Heads = 3;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void ItIsTheTextbookFormula(bool fused, bool masked)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(7);
        using WeightStore store = weights.Store;
        MultiHeadAttention attention = fused
            ? new(new Linear(weights / "qkv", Width, 3 * Width), Width, Output(weights), Heads)
            : new(Part(weights, "query"), Part(weights, "key"), Part(weights, "value"), Output(weights), Heads);
        Tensor input = torch.randn(2, 5, Width);
        Tensor? mask = masked ? AttentionMask.Keys(TokenMask.From([3, 5], 5), Heads) : null;
        Tensor cotangent = torch.randn(2, 5, 4);

        Tensor actual = attention.Forward(input, mask);
        (actual * cotangent).sum().Backward();
        Dictionary<string, Tensor> gradients = store.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value.grad!.clone());
        foreach (Tensor parameter in store.Parameters.Values)
        {
            parameter.grad = null;
        }

        Tensor expected = Textbook(store.State(), input, masked ? [3, 5] : [5, 5]);
        (expected * cotangent).sum().Backward();
        Tensors.Close(expected, actual);
        Assert.All(gradients, pair => Tensors.Close(store.Parameters[pair.Key].grad!.Add(1), pair.Value.Add(1)));
    }

    [Fact]
    public void WithoutGradientsNoScoresAreHeld()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        const int Batch = 8, Tokens = 256, Features = 64, Split = 2;
        Weights weights = Weights.Fresh(7);
        using WeightStore store = weights.Store;
        Linear Project(string name) => new(weights / name, Features, Features);
        var attention = new MultiHeadAttention(Project("q"), Project("k"), Project("v"), Project("o"), Split);
        using IDisposable unrecorded = torch.no_grad();
        Tensor input = torch.randn(Batch, Tokens, Features);
        long scores = 4L * Batch * Split * Tokens * Tokens;
        long before = TensorMemory.Current();
        TensorMemory.ResetPeak();
        attention.Forward(input);

        // Queries, keys, values and what they give, and a block of scores for each thread; all scores would be 8 times the input.
        Assert.Equal(8 * input.ByteCount(), scores);
        Assert.InRange(TensorMemory.Peak() - before, 4 * input.ByteCount(), 6 * input.ByteCount());
    }

    /// <summary>A prefix is what further tokens in front would be if only their keys and values were seen.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void APrefixIsSeenByEveryQueryWhateverTheMask(bool masked)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(7);
        using WeightStore store = weights.Store;
        var attention = new MultiHeadAttention(Part(weights, "query"), Part(weights, "key"), Part(weights, "value"), Output(weights), Heads);
        Tensor front = torch.randn(1, 2, Width);
        Tensor tokens = torch.randn(2, 5, Width);
        Tensor all = torch.cat([front.expand(2, 2, Width), tokens], 1);
        Tensor expected = attention.Forward(all, masked ? AttentionMask.Keys(TokenMask.From([5, 7], 7), Heads) : null).narrow(1, 2, 5);

        attention.Prefix = () => (attention.Key.forward(front).select(0, 0), attention.Value.forward(front).select(0, 0));

        Tensors.Close(expected, attention.Forward(tokens, masked ? AttentionMask.Keys(TokenMask.From([3, 5], 5), Heads) : null));
    }

    /// <summary>Each of them makes what it is for: features that all tokens have in common change only what is made of them.</summary>
    [Fact]
    public void QueriesKeysAndValuesMayBeMadeOfOtherTokens()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Weights weights = Weights.Fresh(7);
        using WeightStore store = weights.Store;
        var attention = new MultiHeadAttention(Part(weights, "query"), Part(weights, "key"), Part(weights, "value"), Output(weights), Heads);
        (Tensor queries, Tensor keys, Tensor values) = (torch.randn(2, 3, Width), torch.randn(2, 5, Width), torch.randn(2, 5, Width));
        Tensor? mask = AttentionMask.Keys(TokenMask.From([3, 5], 5), Heads);

        Tensor actual = attention.Forward(queries, keys, values, mask);

        // Row by row and head by head.
        Tensor Map(string name, Tensor input) => nn.functional.linear(input, store.Parameters[$"{name}.weight"], store.Parameters[$"{name}.bias"]);
        for (int row = 0; row < 2; row++)
        {
            int count = row == 0 ? 3 : 5;
            Tensor[] heads = [.. Enumerable.Range(0, Heads).Select(head =>
            {
                Tensor Of(string name, Tensor input, int tokens) => Map(name, input.select(0, row).narrow(0, 0, tokens)).narrow(1, 2 * head, 2);
                Tensor scores = Of("query", queries, 3).mm(Of("key", keys, count).t()) / Scalars.Of(Math.Sqrt(2));
                return scores.softmax(1).mm(Of("value", values, count));
            })];
            Tensors.Close(Map("out", torch.cat(heads, 1)), actual.select(0, row));
        }
    }

    private static Linear Part(Weights weights, string name) => new(weights / name, Width, Width);

    private static Linear Output(Weights weights) => new(weights / "out", Width, 4);

    private static Tensor Textbook(IReadOnlyDictionary<string, Tensor> parameters, Tensor input, int[] lengths)
    {
        var rows = new List<Tensor>();
        for (int b = 0; b < 2; b++)
        {
            Tensor x = input.select(0, b);
            var heads = new List<Tensor>();
            for (int h = 0; h < Heads; h++)
            {
                Tensor key = Project("key", 1, x, h).narrow(0, 0, lengths[b]);
                Tensor value = Project("value", 2, x, h).narrow(0, 0, lengths[b]);
                Tensor scores = Project("query", 0, x, h).MatMul(key.transpose(0, 1)) / Scalars.Of(Math.Sqrt(Width / Heads));
                heads.Add(scores.softmax(-1).MatMul(value));
            }

            rows.Add(nn.functional.linear(torch.cat([.. heads], 1), parameters["out.weight"], parameters["out.bias"]));
        }

        return torch.stack([.. rows]);

        Tensor Project(string name, int part, Tensor x, int head)
        {
            bool fused = parameters.ContainsKey("qkv.weight");
            string place = fused ? "qkv" : name;
            int start = ((fused ? part * Width : 0) + (head * Width / Heads));
            return nn.functional.linear(x, parameters[$"{place}.weight"].narrow(0, start, Width / Heads), parameters[$"{place}.bias"].narrow(0, start, Width / Heads));
        }
    }
}
