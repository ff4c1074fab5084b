using UniPT.Backbones;
using UniPT.Backbones.Tokenizers;
using UniPT.Training.Recipes;

namespace UniPT.Training.Retrieval;

/// <summary>Token ids of a caption; once a backbone is known, cut to what that reads.</summary>
internal sealed class CaptionTokenizer
{
    /// <summary>Token tables are often padded to a multiple of up to this.</summary>
    private const int Padding = 128;

    private readonly string _vocabulary;
    private readonly Tokenizer _tokenizer;

    private CaptionTokenizer(string vocabulary, Tokenizer tokenizer) => (_vocabulary, _tokenizer) = (vocabulary, tokenizer);

    /// <summary>The most tokens of a caption.</summary>
    internal int Room { get; private set; } = int.MaxValue;

    /// <summary>Special tokens of every caption, of an empty one too.</summary>
    internal int Fewest => _tokenizer.Fewest;

    /// <exception cref="UserException">The vocabulary is missing, broken or of another kind, or the backbone has no tokenizer.</exception>
    internal static CaptionTokenizer Open(TextTowerOptions options)
    {
        string vocabulary = options.VocabularyPlace;
        return new CaptionTokenizer(vocabulary, BackboneRegistry.OpenTokenizer(options.Backbone, vocabulary));
    }

    /// <summary>Takes the limit of a backbone, less what a prompt takes of it.</summary>
    /// <exception cref="UserException">The vocabulary belongs to other weights, or a prompt leaves no room for a text.</exception>
    internal void Fit(Backbone text)
    {
        // Ids that are in range would mean nothing to it, and nothing else would notice.
        if (text.Vocabulary is { } rows && (_tokenizer.VocabularySize > rows || rows - _tokenizer.VocabularySize >= Padding))
        {
            throw new UserException(
                $"The vocabulary {_vocabulary} has {_tokenizer.VocabularySize} ids and the weights {text.Store.Path} have vectors for {rows}; they do not belong together.");
        }

        Room = text.Streams.Only.Prompt?.Room ?? int.MaxValue;
        if (Room < _tokenizer.Fewest + 1)
        {
            throw new UserException($"{text.Name} has room for {Room} tokens beside its prompt, which is none for a text; shorten the prompt.");
        }
    }

    internal int[] Encode(string text) => Cut(text).Ids;

    /// <summary>Whether a caption has more tokens than are read.</summary>
    internal bool Cuts(string text) => Cut(text).IsCut;

    /// <summary>Captions whose words are varied, to draw from anew in every epoch.</summary>
    /// <exception cref="UserException">The vocabulary has no mask token.</exception>
    internal Func<string, int, int, int[]> Varied(double chance, long seed)
    {
        if (_tokenizer.Mask is null)
        {
            throw new UserException($"data.caption_word_drop is {chance}; expected 0 because the vocabulary {_vocabulary} has no mask token.");
        }

        var drop = new WordDrop(_tokenizer, chance, seed);
        return (caption, epoch, index) => _tokenizer.Encode(drop.Apply(caption, epoch, index), Room).Ids;
    }

    private TokenizedText Cut(string text) => _tokenizer.Encode(text, Room);
}
