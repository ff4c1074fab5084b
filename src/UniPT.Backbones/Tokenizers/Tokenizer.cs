namespace UniPT.Backbones.Tokenizers;

/// <summary>Turns text into the token ids that a backbone was trained on. Safe to use from several threads.</summary>
/// <param name="vocabularySize">Number of ids.</param>
/// <param name="start">The id that opens every text; null for none.</param>
/// <param name="end">The id that closes every text; null for none.</param>
/// <param name="between">The ids between two texts that are read together; none where the backbone was trained on single texts.</param>
/// <param name="hasSegments">Whether the backbone is told which of two texts each token belongs to.</param>
public abstract class Tokenizer(int vocabularySize, int? start = null, int? end = null, int[]? between = null, bool hasSegments = false)
{
    /// <summary>What the files of a vocabulary are called that lie in a folder, whichever backbone reads them.</summary>
    public static IReadOnlyList<string> VocabularyFiles { get; } =
    [
        VocabularyFile.Pieces, VocabularyFile.PieceIds, VocabularyFile.Merges, VocabularyFile.TokenizerJson,
        VocabularyFile.PackedClipMerges, VocabularyFile.ClipMerges, VocabularyFile.SentencePieces,
    ];

    /// <summary>Number of ids; every id is below it.</summary>
    public int VocabularySize { get; } = vocabularySize;

    /// <summary>Special tokens of every text.</summary>
    public int Fewest { get; } = Optional(start).Length + Optional(end).Length;

    /// <summary>Special tokens of every two texts that are read together.</summary>
    public int FewestOfPair => Fewest + Between.Length;

    private int[] Between { get; } = between ?? [];

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

    /// <summary>
    /// At most <paramref name="most"/> ids of two texts that are read together: BERT's <c>[CLS] a [SEP] b [SEP]</c> with segments 0 and 1, RoBERTa's
    /// <c>&lt;s&gt; a &lt;/s&gt;&lt;/s&gt; b &lt;/s&gt;</c>; for a backbone that was trained on single texts (CLIP, Universal Sentence Encoder) one after the other as if
    /// they were one text. The longer one is cut first, until both are equally long, as Hugging Face's <c>longest_first</c> does; of an odd room the
    /// second gets one more then, or the first if that was longer.
    /// </summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    /// <param name="most">The room for both, special tokens included.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for the special tokens.</exception>
    /// <exception cref="UserException">The process runs without ICU and a text needs it.</exception>
    public TokenizedText EncodePair(string first, string second, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, FewestOfPair);
        int[] a = [.. Words(first).SelectMany(word => word)];
        int[] b = [.. Words(second).SelectMany(word => word)];
        int room = most - FewestOfPair;
        bool isCut = (long)a.Length + b.Length > room;
        if (isCut)
        {
            // Half of the room is the shorter one's if it needs that much; the other has the rest.
            int shorter = Math.Min(Math.Min(a.Length, b.Length), room / 2);
            (a, b) = a.Length > b.Length ? (a[..(room - shorter)], b[..shorter]) : (a[..shorter], b[..(room - shorter)]);
        }

        int[] opened = [.. Optional(start), .. a, .. Between];
        int[] ids = [.. opened, .. b, .. Optional(end)];
        return new TokenizedText(ids, isCut) { Segments = hasSegments ? [.. ids.Select((_, place) => place < opened.Length ? 0 : 1)] : null };
    }

    /// <summary>The ids of the text itself, word by word; of a vocabulary whose pieces cross words all in one.</summary>
    /// <exception cref="UserException">The process runs without ICU and the text needs it.</exception>
    public abstract IEnumerable<IReadOnlyList<int>> Words(string text);

    private static int[] Optional(int? id) => id is { } known ? [known] : [];
}

/// <summary>A token and the characters of its text that it stands for.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">The first character, in UTF-16 as a <see cref="string"/> counts.</param>
/// <param name="End">Behind the last one; as <paramref name="Start"/> for a token that stands for none, such as a special one.</param>
public readonly record struct PlacedToken(int Id, int Start, int End);

/// <summary>A text, or two that are read together, as a backbone reads them.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="IsCut">Whether the text has more than those.</param>
public readonly record struct TokenizedText(int[] Ids, bool IsCut)
{
    /// <summary>Which of two texts, 0 or 1, each token belongs to; null where the backbone is not told.</summary>
    public int[]? Segments { get; init; }
}
