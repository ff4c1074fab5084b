using UniPT.Torch;

namespace UniPT.Parity.Tests.Cases.T5;

/// <summary>A pre-norm layer of an encoder or, where there is a memory, a decoder.</summary>
internal sealed class T5Block
{
    private readonly (T5Norm Norm, T5Attention Attention) _self;
    private readonly (T5Norm Norm, T5Attention Attention)? _cross;
    private readonly T5Norm _norm;
    private readonly Linear _up;
    private readonly Linear _down;

    public T5Block(Weights weights, T5Sizes sizes, bool decodes)
    {
        (T5Norm, T5Attention) Attend(int layer, string name) =>
            (new T5Norm(weights / "layer" / layer / "layer_norm", sizes.Width, sizes.Epsilon), new T5Attention(weights / "layer" / layer / name, sizes));
        Weights network = weights / "layer" / (decodes ? 2 : 1);
        _self = Attend(0, "SelfAttention");
        _cross = decodes ? Attend(1, "EncDecAttention") : null;
        _norm = new T5Norm(network / "layer_norm", sizes.Width, sizes.Epsilon);
        _up = new Linear(network / "DenseReluDense" / "wi", sizes.Width, sizes.FeedForward, bias: false);
        _down = new Linear(network / "DenseReluDense" / "wo", sizes.FeedForward, sizes.Width, bias: false);
    }

    public Tensor Forward(Tensor state, Tensor bias, T5Memory? memory)
    {
        Tensor normed = _self.Norm.Forward(state);
        Tensor attended = state + _self.Attention.Forward(normed, normed, bias);
        if (_cross is { } cross)
        {
            attended += cross.Attention.Forward(cross.Norm.Forward(attended), memory!.Tokens, memory.Bias);
        }

        return attended + _down.forward(_up.forward(_norm.Forward(attended)).relu());
    }
}
