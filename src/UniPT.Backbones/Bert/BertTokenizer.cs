using System.Globalization;
using System.Text;
using System.Text.Json;
using UniPT.Backbones.Tokenizers;
using UniPT.Backbones.Unicode;

namespace UniPT.Backbones.Bert;

/// <summary>
/// BERT's WordPiece between <c>[CLS]</c> and <c>[SEP]</c>; the ids of Hugging Face's <c>tokenizers</c> 0.22. Special tokens that are
/// written in a text are plain text.
/// </summary>
public sealed class BertTokenizer : Tokenizer
{
    private const string Name = "bert";
    private const string Continues = "##";
    private const int MaxWord = 100;

    private readonly int[] _unknown;
    private readonly bool _lowercase;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _first;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _later;

    private BertTokenizer(string path, Dictionary<string, int> ids, bool lowercase) : base(
        ids.Count, VocabularyFile.Special(ids, "[CLS]", path, Name), VocabularyFile.Special(ids, "[SEP]", path, Name), [ids["[SEP]"]], hasSegments: true)
    {
        _unknown = [VocabularyFile.Special(ids, "[UNK]", path, Name)];
        _lowercase = lowercase;
        Mask = ids.TryGetValue("[MASK]", out int mask) ? mask : null;
        _first = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _later = ids.Where(piece => piece.Key.StartsWith(Continues, StringComparison.Ordinal))
            .ToDictionary(piece => piece.Key[Continues.Length..], piece => piece.Value, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>
    /// Opens <c>vocab.txt</c>, <c>tokenizer.json</c>, or a folder with one of them. Text is lower-cased and loses its accents where
    /// <c>tokenizer.json</c> says so; for a <c>vocab.txt</c> where no piece has a capital.
    /// </summary>
    /// <exception cref="UserException">It is missing, broken, cut off or of another kind.</exception>
    public static BertTokenizer Open(string path)
    {
        string file = VocabularyFile.Find(path, Name, VocabularyFile.TokenizerJson, VocabularyFile.Pieces);
        if (Path.GetExtension(file) != ".json")
        {
            Dictionary<string, int> lines = VocabularyFile.IdsOfLines(file);
            return new(file, lines, lowercase: !lines.Keys.Any(piece => piece[0] != '[' && piece.Any(char.IsAsciiLetterUpper)));
        }

        using JsonDocument document = VocabularyFile.ReadObject(file);
        TokenizerJson json = TokenizerJson.Open(document.RootElement, file, "WordPiece", Name);
        json.Require("normalizer.type", "BertNormalizer", Name);
        json.Require("pre_tokenizer.type", "BertPreTokenizer", Name);
        json.Require("model.continuing_subword_prefix", Continues, Name);
        bool lowercase = json.Flag("normalizer.lowercase") ?? true;
        json.Require("normalizer.strip_accents", lowercase.ToString(), Name, mayLack: true);
        return new(file, json.Ids(), lowercase);
    }

    /// <inheritdoc/>
    public override int? Mask { get; }

    /// <inheritdoc/>
    public override IEnumerable<IReadOnlyList<int>> Words(string text) =>
        Normal(text).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(OfWord);

    /// <summary>Spaces around what is a word of its own, and none but spaces between words.</summary>
    private string Normal(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsKept(rune))
            {
                Append(clean, Rune.IsWhiteSpace(rune) ? new Rune(' ') : rune, apart: IsIdeograph(rune.Value));
            }
        }

        string cleaned = _lowercase ? NormalForm.Of(clean.ToString(), NormalizationForm.FormD) : clean.ToString();
        var words = new StringBuilder(cleaned.Length);
        foreach (Rune rune in cleaned.EnumerateRunes())
        {
            if (!_lowercase || Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                Append(words, _lowercase ? Rune.ToLowerInvariant(rune) : rune, apart: IsPunctuation(rune));
            }
        }

        return words.ToString();
    }

    /// <summary>Longest piece first; one stretch that no piece begins makes the whole word unknown.</summary>
    private IReadOnlyList<int> OfWord(string word)
    {
        if (word.EnumerateRunes().Count() > MaxWord)
        {
            return _unknown;
        }

        var ids = new List<int>();
        for (int start = 0; start < word.Length;)
        {
            int end = word.Length;
            int id = 0;
            while (end > start && !(start == 0 ? _first : _later).TryGetValue(word.AsSpan(start..end), out id))
            {
                end--;
            }

            if (end == start)
            {
                return _unknown;
            }

            ids.Add(id);
            start = end;
        }

        return ids;
    }

    private static void Append(StringBuilder text, Rune rune, bool apart)
    {
        string side = apart ? " " : "";
        text.Append(side).Append(rune.ToString()).Append(side);
    }

    // Half a surrogate pair is enumerated as U+FFFD.
    private static bool IsKept(Rune rune) => rune.Value is '\t' or '\n' or '\r' || (rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse));

    private static bool IsPunctuation(Rune rune) => Rune.IsPunctuation(rune) || (rune.IsAscii && Rune.IsSymbol(rune));

    /// <summary>The blocks that BERT takes for Chinese.</summary>
    private static bool IsIdeograph(int code) => code is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
