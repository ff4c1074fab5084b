using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using UniPT.Backbones.Tokenizers;

namespace UniPT.Backbones.T5;

/// <summary>
/// T5's tokenizer: a SentencePiece unigram model, 100 sentinels behind its pieces, and the end token behind every text (Hugging Face's <c>T5Tokenizer</c>).
/// A sentinel that is written in a text, such as <c>&lt;extra_id_0&gt;</c>, has its id; other special tokens in a text are plain text. Two texts that are read
/// together are one text.
/// </summary>
public sealed partial class T5Tokenizer : Tokenizers.Tokenizer
{
    private const string Name = "t5";
    private const int Sentinels = 100;

    // T5's models have no start token, its id is −1, which the library takes for an index. In protocol buffers a part that comes again is merged into the
    // first one: here the training's (field 2) with the start's id (field 41), for which no text gets a token.
    private static readonly byte[] StartIsPadding = [0x12, 3, 0xC8, 0x02, 0];
    private readonly SentencePieceTokenizer _pieces;
    private readonly int _count;

    private T5Tokenizer(SentencePieceTokenizer pieces, int count) : base(count + Sentinels, end: pieces.EndOfSentenceId) => (_pieces, _count) = (pieces, count);

    /// <summary>Opens <c>spiece.model</c>, or a folder with it.</summary>
    /// <exception cref="UserException">It is missing, broken, or no unigram model with an end token.</exception>
    public static T5Tokenizer Open(string path)
    {
        string file = VocabularyFile.Find(path, Name, VocabularyFile.SentencePieces);
        try
        {
            using var stream = new MemoryStream([.. VocabularyFile.ReadBytes(file), .. StartIsPadding]);
            SentencePieceTokenizer pieces = SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false);
            int count = pieces.Vocabulary.Values.Max() + 1;
            return pieces.EndOfSentenceId > 0 && pieces.EndOfSentenceId < count
                ? new T5Tokenizer(pieces, count)
                : throw new UserException($"The vocabulary {file} has no end token, which {Name} needs; it is another network's.");
        }
        catch (Exception error) when (error is not UserException)
        {
            throw new UserException($"Cannot read {file} as a SentencePiece model: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<IReadOnlyList<int>> Words(string text)
    {
        int start = 0;
        foreach (Match sentinel in Sentinel().Matches(text))
        {
            yield return Pieces(text[start..sentinel.Index]);
            yield return [SentinelId(int.Parse(sentinel.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];
            start = sentinel.Index + sentinel.Length;
        }

        yield return Pieces(text[start..]);
    }

    /// <summary>The text of ids, without special tokens, trimmed.</summary>
    /// <exception cref="UserException">An id is none of the vocabulary's.</exception>
    public string Decode(IEnumerable<int> ids)
    {
        int[] all = [.. ids];
        foreach (int id in all.Where(id => id < 0 || id >= VocabularySize))
        {
            throw new UserException($"{Name} has the token ids 0 to {VocabularySize - 1}; {id} is none of them.");
        }

        return _pieces.Decode(all.Where(id => id < _count), considerSpecialTokens: false).Trim();
    }

    /// <summary>The id of a sentinel; they count from the vocabulary's end.</summary>
    /// <param name="number">0 to 99.</param>
    public int SentinelId(int number) => VocabularySize - 1 - number;

    /// <summary>Unlike the library, SentencePiece removes control characters, and gives one id for a run of unknown characters.</summary>
    private int[] Pieces(string text)
    {
        IReadOnlyList<int> ids = _pieces.EncodeToIds(Control().Replace(text, ""), addBeginningOfSentence: false, addEndOfSentence: false);
        return [.. ids.Where((id, i) => id != _pieces.UnknownId || i == 0 || ids[i - 1] != id)];
    }

    [GeneratedRegex(@"[\x01-\x08\x0B\x0E-\x1F\x7F\x8F\x9F]")]
    private static partial Regex Control();

    [GeneratedRegex("<extra_id_([0-9]|[1-9][0-9])>")]
    private static partial Regex Sentinel();
}
