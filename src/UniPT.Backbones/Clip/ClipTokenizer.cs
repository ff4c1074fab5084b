using System.Globalization;
using System.Text;
using UniPT.Backbones.Tokenizers;

namespace UniPT.Backbones.Clip;

/// <summary>
/// CLIP's byte-level tokenizer between <c>&lt;|startoftext|&gt;</c> and <c>&lt;|endoftext|&gt;</c>; the ids of OpenAI's <c>SimpleTokenizer</c>: text is
/// repaired, HTML is unescaped and all is lower-cased. As there, those two names in a text are the special tokens.
/// </summary>
public sealed class ClipTokenizer : Tokenizer
{
    private const string Name = "clip_text";
    private const string Suffix = "</w>";
    private const int PublishedMerges = 48_894;
    private static readonly string[] Specials = ["<|startoftext|>", "<|endoftext|>"];

    private readonly BytePairEncoder _encoder;
    private readonly IReadOnlyDictionary<string, int> _ids;

    private ClipTokenizer(BytePairVocabulary vocabulary) : base(
        vocabulary.Ids.Count, vocabulary.Ids[Specials[0]], vocabulary.Ids[Specials[1]])
    {
        _ids = vocabulary.Ids;
        _encoder = new BytePairEncoder(vocabulary, Suffix);
        if (_ids[Specials[1]] != _ids.Count - 1)
        {
            throw new UserException(
                $"In the vocabulary {vocabulary.Path} {Specials[1]} has the id {_ids[Specials[1]]}; {Name} finds the end of a text by it and needs the largest, {_ids.Count - 1}.");
        }
    }

    /// <summary>
    /// Opens OpenAI's <c>bpe_simple_vocab_16e6.txt.gz</c> (also unpacked), Hugging Face's <c>tokenizer.json</c> or <c>vocab.json</c> with
    /// <c>merges.txt</c> beside it, or a folder with them.
    /// </summary>
    /// <exception cref="UserException">It is missing, broken, cut off or of another kind.</exception>
    public static ClipTokenizer Open(string path)
    {
        string file = VocabularyFile.Find(
            path, Name, VocabularyFile.TokenizerJson, VocabularyFile.PieceIds, VocabularyFile.PackedClipMerges, VocabularyFile.ClipMerges);
        return new(Path.GetExtension(file) == ".json" || Path.GetFileName(file) == VocabularyFile.Merges
            ? BytePairVocabulary.Open(file, Name, Suffix, Specials)
            : OfMerges(file));
    }

    /// <inheritdoc/>
    public override IEnumerable<IReadOnlyList<int>> Words(string text)
    {
        string clean = Lower(HtmlEntities.Unescape(HtmlEntities.Unescape(TextRepair.Repair(text))));
        for (int start = 0; start < clean.Length;)
        {
            (WordSplitter.Kind kind, int length) = WordSplitter.At(clean, start);
            if (kind == WordSplitter.Kind.Space)
            {
                start += length;
            }
            else if (Specials.FirstOrDefault(special => string.CompareOrdinal(clean, start, special, 0, special.Length) == 0) is { } special)
            {
                yield return [_ids[special]];
                start += special.Length;
            }
            else
            {
                int end = WordSplitter.ContractionAt(clean, start) is { } contraction ? start + contraction.Length
                    : kind == WordSplitter.Kind.Number ? start + length
                    : WordSplitter.EndOfRun(clean, start);
                yield return _encoder.Encode(clean[start..end]);
                start = end;
            }
        }
    }

    /// <summary>OpenAI's file has only merges, more than were used, and no ids.</summary>
    private static BytePairVocabulary OfMerges(string path)
    {
        string[] merges = BytePairVocabulary.MergesOf(VocabularyFile.ReadLines(path));
        if (merges.Length < PublishedMerges)
        {
            throw new UserException($"The vocabulary {path} has {merges.Length} merges; CLIP's has at least {PublishedMerges}, so it is cut off or another network's.");
        }

        merges = merges[..PublishedMerges];
        string[] pieces =
        [
            .. ByteAlphabet.Symbols, .. ByteAlphabet.Symbols.Select(symbol => symbol + Suffix), .. merges.Select(merge => merge.Replace(" ", "")), .. Specials,
        ];
        if (pieces.Distinct(StringComparer.Ordinal).Count() != pieces.Length)
        {
            throw new UserException($"The vocabulary {path} makes a piece twice; it is not CLIP's.");
        }

        return BytePairVocabulary.Of(path, pieces.Select((piece, id) => (piece, id)).ToDictionary(StringComparer.Ordinal), merges, Suffix, Specials, Name);
    }

    /// <summary>Lower case as Python has it: a sigma that ends a word is ς, and İ is i with a dot above.</summary>
    private static string Lower(string text)
    {
        var lower = new StringBuilder(text.ToLowerInvariant());
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == 'Σ' && IsCased(Next(text, i, -1)) && !IsCased(Next(text, i, 1)))
            {
                lower[i] = 'ς';
            }
        }

        return lower.Replace("İ", "i\u0307").ToString();
    }

    /// <summary>The nearest character on one side that is not ignored when case is decided.</summary>
    private static Rune? Next(string text, int place, int step)
    {
        for (int i = place + step; i >= 0 && i < text.Length; i += step)
        {
            int start = i > 0 && char.IsLowSurrogate(text[i]) && char.IsHighSurrogate(text[i - 1]) ? i - 1 : i;
            if (!Rune.TryGetRuneAt(text, start, out Rune rune) || !IsIgnored(rune))
            {
                return rune;
            }
        }

        return null;
    }

    private static bool IsCased(Rune? rune) => rune is { } known
        && Rune.GetUnicodeCategory(known) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsIgnored(Rune rune) => rune.Value is '\'' or '.' or ':' or '·' or '’' || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark
        or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
