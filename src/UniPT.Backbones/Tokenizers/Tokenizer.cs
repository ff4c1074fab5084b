namespace UniPT.Backbones.Tokenizers;

/// <summary>Turns text into the token ids that a backbone was trained on. Safe to use from several threads.</summary>
/// <param name="vocabularySize">Number of ids.</param>
/// <param name="start">The id that opens every text; null for none.</param>
/// <param name="end">The id that closes every text; null for none.</param>
public abstract class Tokenizer(int vocabularySize, int? start = null, int? end = null)
{
    /// <summary>What the files of a vocabulary are called that lie in a folder, whichever backbone reads them.</summary>
    public static IReadOnlyList<string> VocabularyFiles { get; } =
    [
        VocabularyFile.Pieces, VocabularyFile.PieceIds, VocabularyFile.Merges, VocabularyFile.TokenizerJson,
        VocabularyFile.PackedClipMerges, VocabularyFile.ClipMerges,
    ];

    /// <summary>Number of ids; every id is below it.</summary>
    public int VocabularySize { get; } = vocabularySize;

    /// <summary>Special tokens of every text.</summary>
    public int Fewest { get; } = Optional(start).Length + Optional(end).Length;

    /// <summary>The id that stands for a hidden piece; null where the vocabulary has none.</summary>
    public virtual int? Mask => null;

    /// <summary>All ids of a text, between the special tokens that the backbone expects. Any string has some, half a surrogate pair too.</summary>
    /// <exception cref="UserException">The process runs without ICU and the text needs it.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. Optional(start), .. Words(text).SelectMany(word => word), .. Optional(end)];
    }

    /// <summary>At most <paramref name="most"/> ids of a text; one that is cut keeps the token that closes it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for the special tokens.</exception>
    /// <exception cref="UserException">The process runs without ICU and the text needs it.</exception>
    public TokenizedText Encode(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encode(Words(text).SelectMany(word => word), most);
    }

    /// <summary>At most <paramref name="most"/> ids: those of a text's pieces between the special tokens that the backbone expects.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for the special tokens.</exception>
    public TokenizedText Encode(IEnumerable<int> pieces, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, Fewest);
        int[] ids = [.. Optional(start), .. pieces, .. Optional(end)];
        return ids.Length <= most
            ? new TokenizedText(ids, IsCut: false)
            : new TokenizedText([.. ids.AsSpan(0, most - Optional(end).Length), .. Optional(end)], IsCut: true);
    }

    /// <summary>The ids of the text itself, word by word; of a vocabulary whose pieces cross words all in one.</summary>
    /// <exception cref="UserException">The process runs without ICU and the text needs it.</exception>
    public abstract IEnumerable<IReadOnlyList<int>> Words(string text);

    private static int[] Optional(int? id) => id is { } known ? [known] : [];
}
