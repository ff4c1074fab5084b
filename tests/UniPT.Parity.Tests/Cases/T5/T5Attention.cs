using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases.T5;

/// <summary>Attention whose scores are not scaled, with a bias on them.</summary>
internal sealed class T5Attention(Weights weights, T5Sizes sizes)
{
    private readonly Linear _query = new(weights / "q", sizes.Width, sizes.Inner, bias: false);
    private readonly Linear _key = new(weights / "k", sizes.Width, sizes.Inner, bias: false);
    private readonly Linear _value = new(weights / "v", sizes.Width, sizes.Inner, bias: false);
    private readonly Linear _output = new(weights / "o", sizes.Inner, sizes.Width, bias: false);

    /// <param name="queries">Tokens that look, <c>[B, N, D]</c>.</param>
    /// <param name="memory">Tokens that are looked at, <c>[B, M, D]</c>.</param>
    /// <param name="bias">Broadcasts to <c>[B, heads, N, M]</c>.</param>
    public Tensor Forward(Tensor queries, Tensor memory, Tensor bias)
    {
        Tensor scores = Heads(_query.forward(queries)).MatMul(Heads(_key.forward(memory)).transpose(2, 3)).Add(bias);
        return _output.forward(scores.softmax(-1).MatMul(Heads(_value.forward(memory))).transpose(1, 2).flatten(2));
    }

    private Tensor Heads(Tensor tokens) => tokens.view(tokens.size(0), tokens.size(1), sizes.Heads, sizes.Head).transpose(1, 2);
}
