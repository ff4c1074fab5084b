using UniPT.Torch;

namespace UniPT.Backbones.Bert;

/// <summary>The sum of word, position and segment vectors, normalised.</summary>
internal sealed class BertEmbeddings
{
    private readonly BertConfig _config;
    private readonly Embedding _words;
    private readonly Embedding _positions;
    private readonly Embedding _segments;
    private readonly LayerNorm _norm;

    internal BertEmbeddings(Weights weights, BertConfig config)
    {
        _config = config;
        _words = new Embedding(weights / "word_embeddings", config.Vocabulary, config.Width, config.Padding);
        _positions = new Embedding(
            weights / "position_embeddings", config.Positions, config.Width, config.Family == BertFamily.Roberta ? config.Padding : -1);
        _segments = new Embedding(weights / "token_type_embeddings", config.Segments, config.Width);
        _norm = BertLayers.Norm(weights / "LayerNorm", config);

        // Hugging Face's old files keep 0, 1, 2, … here.
        weights.Ignore("position_ids");
    }

    /// <summary>The vectors of the first tokens of the vocabulary, <c>[count, D]</c>.</summary>
    internal Tensor Words(int count) => _words.First(count);

    /// <summary>The first hidden state, <c>[B, P + N, D]</c>.</summary>
    internal Tensor Forward(TokenSequence text, Prompt prompt)
    {
        using TensorScope scope = TensorScope.Begin();
        string device = text.Ids.Device;
        Tensor embedded = prompt.Prepend(_words.Forward(text.Ids));
        embedded.Add_(_positions.Forward(Positions(text).To(device)));
        embedded.Add_(_segments.Forward(text.Segments ?? Tensor.Zeros([1, 1], ScalarType.Int64, device)));
        return scope.HandOut(_norm.Forward(embedded));
    }

    /// <summary><c>[1, P + N]</c>, or <c>[B, P + N]</c> where padding has a position of its own.</summary>
    private Tensor Positions(TokenSequence text)
    {
        Tensor counted = Tensor.Arange(_config.FirstPosition, _config.FirstPosition + text.Width).Unsqueeze(0);
        if (_config.Family == BertFamily.Bert || text.Valid is null)
        {
            return counted;
        }

        Tensor valid = TokenMask.From(text.Valid, text.Width);
        return (((counted - _config.Padding) * valid) + _config.Padding).To(ScalarType.Int64);
    }
}
