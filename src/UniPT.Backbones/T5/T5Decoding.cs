using UniPT.Torch;

namespace UniPT.Backbones.T5;

/// <summary>Texts that were encoded once, to be decoded token by token. To dispose of it frees what was encoded.</summary>
public sealed class T5Decoding : IDisposable
{
    private readonly T5Model _model;
    private readonly T5Encoding _encoding;

    internal T5Decoding(T5Model model, T5Encoding encoding)
    {
        (_model, _encoding) = (model, encoding);
        foreach (Tensor tensor in encoding.Tensors)
        {
            tensor.DetachFromDisposeScope();
        }
    }

    /// <summary>How many texts there are.</summary>
    public long Rows => _encoding.Memory.Tokens.size(0);

    /// <summary>The decoder's hidden states, with those of the encoder as their memory; a method beside the decoder adapts them.</summary>
    /// <param name="tokens">All tokens so far, the start token first, <c>[k·texts, n]</c>: the same number k of beginnings for each text, one behind the other.</param>
    /// <exception cref="UserException">There are other than k rows for each text.</exception>
    public HiddenStates Forward(Tensor tokens)
    {
        if (tokens.ndim != 2 || tokens.size(0) == 0 || tokens.size(0) % Rows != 0)
        {
            throw new UserException($"{_model.Name} decodes {Rows} texts here, so tokens must be [k·{Rows}, n]; they are [{string.Join(", ", tokens.shape)}].");
        }

        using DisposeScope scope = torch.NewDisposeScope();
        T5Encoding encoding = _encoding.Repeated(tokens.size(0) / Rows);
        HiddenStates states = TorchErrors.Explain(() => _model.Decode(encoding, tokens, null)) with { Memory = encoding.States };
        scope.MoveToOuter(states.Tensors);
        return states;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _encoding.Tensors)
        {
            tensor.Dispose();
        }
    }
}
