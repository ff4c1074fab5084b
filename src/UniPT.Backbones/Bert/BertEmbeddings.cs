using UniPT.Torch;

namespace UniPT.Backbones.Bert;

/// <summary>The sum of word, position and segment vectors, normalised, with dropout.</summary>
internal sealed class BertEmbeddings
{
    private readonly BertConfig _config;
    private readonly Embedding _words;
    private readonly Embedding _positions;
    private readonly Embedding _segments;
    private readonly LayerNorm _norm;
    private readonly Dropout _dropout;

    internal BertEmbeddings(Weights weights, BertConfig config)
    {
        _config = config;
        _words = new Embedding(weights / "word_embeddings", config.Vocabulary, config.Width, config.Padding);
        _positions = new Embedding(
            weights / "position_embeddings", config.Positions, config.Width, config.PadsAllTables || config.Family == BertFamily.Roberta ? config.Padding : -1);
        _segments = new Embedding(weights / "token_type_embeddings", config.Segments, config.Width, config.PadsAllTables ? config.Padding : -1);
        _norm = BertLayers.Norm(weights / "LayerNorm", config);
        _dropout = new Dropout(weights, config.Dropout);

        // Hugging Face's old files keep 0, 1, 2, … here.
        weights.Ignore("position_ids");
    }

    /// <summary>The vectors of the first tokens of the vocabulary, <c>[count, D]</c>.</summary>
    internal Tensor Words(int count) => _words.First(count);

    /// <summary>The first hidden state, <c>[B, P + N, D]</c>.</summary>
    internal Tensor Forward(TokenSequence text, Prompt prompt)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        Device device = text.Ids.device;
        Tensor embedded = prompt.Prepend(_words.forward(text.Ids));
        embedded.Add_(_positions.forward(Positions(text)));
        embedded.Add_(_segments.forward(text.Segments ?? torch.zeros(1, 1, dtype: ScalarType.Int64, device: device)));
        return scope.MoveToOuter(_dropout.forward(_norm.forward(embedded)));
    }

    /// <summary><c>[1, P + N]</c>, or <c>[B, P + N]</c> where padding has a position of its own.</summary>
    private Tensor Positions(TokenSequence text)
    {
        if (_config.Family == BertFamily.Bert || text.Valid is not { } valid)
        {
            Device device = text.Ids.device;
            return torch.arange(Scalars.Of(_config.FirstPosition), Scalars.Of(_config.FirstPosition + text.Width), Scalars.Of(1), dtype: ScalarType.Int64, device: device).unsqueeze(0);
        }

        // Tokens are numbered as they count, so that holes take no position.
        Tensor numbers = valid.cumsum(1).Add(_config.FirstPosition - 1 - _config.Padding);
        return (numbers * valid).Add(_config.Padding).to(ScalarType.Int64);
    }
}
