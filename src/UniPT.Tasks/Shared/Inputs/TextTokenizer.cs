using UniPT.Backbones;
using UniPT.Backbones.Bert;
using UniPT.Backbones.T5;
using UniPT.Backbones.Tokenizers;
using UniPT.Tasks.Shared.DataSets;
using UniPT.Training.Recipes;

namespace UniPT.Tasks.Shared.Inputs;

/// <summary>Token ids of a text; once a backbone is known, cut to what that reads.</summary>
internal sealed class TextTokenizer
{
    /// <summary>Token tables are often padded to a multiple of up to this.</summary>
    private const int Padding = 128;

    private readonly string _vocabulary;
    private readonly Tokenizer _tokenizer;

    private TextTokenizer(string vocabulary, Tokenizer tokenizer) => (_vocabulary, _tokenizer) = (vocabulary, tokenizer);

    /// <summary>The most tokens of a text.</summary>
    internal int Room { get; private set; } = int.MaxValue;

    /// <summary>Special tokens of every text, of an empty one too.</summary>
    internal int Fewest => _tokenizer.Fewest;

    /// <exception cref="UserException">The vocabulary is missing, broken or of another kind, or the backbone has no tokenizer.</exception>
    internal static TextTokenizer Open(BackboneOptions options)
    {
        string vocabulary = options.VocabularyPlace;
        return new TextTokenizer(vocabulary, BackboneRegistry.OpenTokenizer(options.Architecture, vocabulary));
    }

    /// <summary>Takes the limit of a stream, less what a prompt takes of it.</summary>
    /// <param name="text">The stream.</param>
    /// <param name="most">A lower limit that the caller wants.</param>
    /// <param name="fewest">Tokens that must fit at least.</param>
    /// <exception cref="UserException">The vocabulary belongs to other weights, or a prompt leaves no room for a text.</exception>
    internal void Fit(BackboneStream text, int? most = null, int? fewest = null)
    {
        // Ids that are in range would mean nothing to it, and nothing else would notice.
        if (text.Backbone.Vocabulary is { } rows && (_tokenizer.VocabularySize > rows || rows - _tokenizer.VocabularySize >= Padding))
        {
            throw new UserException(
                $"The vocabulary {_vocabulary} has {_tokenizer.VocabularySize} ids and the weights {text.Backbone.Store.Path} have vectors for {rows}; they do not belong together.");
        }

        Room = text.Prompt?.Room ?? int.MaxValue;
        if (Room < (fewest ?? _tokenizer.Fewest + 1))
        {
            throw new UserException($"{text.Backbone.Name} has room for {Room} tokens beside its prompt, which is none for a text; shorten the prompt.");
        }

        Room = Math.Min(Room, most ?? Room);
    }

    /// <summary>Special tokens of every two texts that are read together.</summary>
    internal int FewestOfPair => _tokenizer.FewestOfPair;

    /// <summary>Number of ids.</summary>
    internal int Size => _tokenizer.VocabularySize;

    internal int[] Encode(string text) => Cut(text).Ids;

    /// <summary>The same with the characters that each token stands for; of a RoBERTa's vocabulary.</summary>
    internal IReadOnlyList<PlacedToken> EncodePlaced(string text)
    {
        IReadOnlyList<PlacedToken> tokens = ((RobertaTokenizer)_tokenizer).EncodePlaced(text);
        return tokens.Count <= Room ? tokens : [.. tokens.Take(Room - 1), tokens[^1]];
    }

    /// <summary>A text, or two that are read together.</summary>
    internal TokenizedText Read(string text, string? second) => second is null ? Cut(text) : _tokenizer.EncodePair(text, second, Room);

    /// <summary>Many texts, or pairs of them, on several threads.</summary>
    /// <param name="count">How many.</param>
    /// <param name="text">One of them by its place.</param>
    /// <param name="threads">How many threads.</param>
    internal TokenizedText[] Read(int count, Func<int, (string Text, string? Second)> text, int threads)
    {
        var read = new TokenizedText[count];
        Threads.For(count, threads, i =>
        {
            (string first, string? second) = text(i);
            read[i] = Read(first, second);
        });
        return read;
    }

    /// <summary>The text of ids that a backbone wrote, trimmed; what is none of the vocabulary's ids gives nothing.</summary>
    /// <exception cref="UserException">The tokenizer belongs to a backbone that writes no text.</exception>
    internal string Decode(IEnumerable<int> ids) => _tokenizer is T5Tokenizer written
        ? written.Decode(ids.Where(id => id < Size))
        : throw new UserException($"The vocabulary {_vocabulary} is that of a backbone which writes no text; expected one of t5.");

    /// <summary>Whether a text has more tokens than are read.</summary>
    internal bool Cuts(string text) => Cut(text).IsCut;

    /// <summary>Texts whose words are varied, to draw from anew in every epoch.</summary>
    /// <exception cref="UserException">The vocabulary has no mask token.</exception>
    internal Func<string, int, int, int[]> Varied(double chance, long seed, string option)
    {
        if (_tokenizer.Mask is null)
        {
            throw new UserException($"{option} is {chance}; expected 0 because the vocabulary {_vocabulary} has no mask token.");
        }

        var drop = new WordDrop(_tokenizer, chance, seed);
        return (caption, epoch, index) => _tokenizer.Encode(drop.Apply(caption, epoch, index), Room).Ids;
    }

    private TokenizedText Cut(string text) => _tokenizer.Encode(text, Room);
}
