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
    /// <param name="stream">
    /// The stream whose hidden states are wanted, such as that which a method reads, also of the decoder cut before its last blocks; null for the whole decoder.
    /// </param>
    /// <exception cref="UserException">There are other than k rows for each text, or the stream is of another backbone.</exception>
    public HiddenStates Forward(Tensor tokens, BackboneStream? stream = null)
    {
        BackboneStream wanted = stream ?? _model.Streams[BackboneStream.Decoder];
        var cut = wanted.Backbone as CutBackbone;
        if ((cut?.Whole.Backbone ?? wanted.Backbone) != _model)
        {
            throw new UserException($"What {_model.Name} encoded once is decoded for its own streams; {wanted} is of another backbone.");
        }

        if (tokens.ndim != 2 || tokens.size(0) == 0 || tokens.size(0) % Rows != 0)
        {
            throw new UserException($"{_model.Name} decodes {Rows} texts here, so tokens must be [k·{Rows}, n]; they are [{string.Join(", ", tokens.shape)}].");
        }

        using DisposeScope scope = torch.NewDisposeScope();
        T5Encoding encoding = _encoding.Repeated(tokens.size(0) / Rows);
        HiddenStates decoded = TorchErrors.Explain(() => cut is null ? _model.Decode(encoding, tokens, null) : _model.DecodeBefore(cut.Stream.Widths.Count - 1, encoding, tokens, null));
        HiddenStates states = wanted.Of(new BackboneOutput((BackboneStream.Encoder, cut is null ? encoding.States : encoding.States.Unnormed), (BackboneStream.Decoder, decoded)));
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
