using UniPT.Backbones.Tokenizers;

namespace UniPT.Backbones.Bert;

/// <summary>
/// RoBERTa's byte-level tokenizer, which is GPT-2's between <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c>; the ids of Hugging Face's <c>RobertaTokenizer</c>
/// without a space put in front. Special tokens that are written in a text are plain text.
/// </summary>
public sealed class RobertaTokenizer : Tokenizer
{
    private const string Name = "roberta";
    private const string Start = "<s>";
    private const string End = "</s>";
    private readonly BytePairEncoder _encoder;
    private readonly PlacedToken _start;
    private readonly PlacedToken _end;

    private RobertaTokenizer(BytePairVocabulary vocabulary) : base(
        vocabulary.Ids.Count, vocabulary.Ids[Start], vocabulary.Ids[End], [vocabulary.Ids[End], vocabulary.Ids[End]])
    {
        _encoder = new BytePairEncoder(vocabulary, "");
        (_start, _end) = (new PlacedToken(vocabulary.Ids[Start], 0, 0), new PlacedToken(vocabulary.Ids[End], 0, 0));
        Mask = vocabulary.Ids.TryGetValue("<mask>", out int mask) ? mask : null;
    }

    /// <inheritdoc/>
    public override int? Mask { get; }

    /// <summary>Opens <c>tokenizer.json</c>, <c>vocab.json</c> with <c>merges.txt</c> beside it, or a folder with them.</summary>
    /// <exception cref="UserException">It is missing, broken, cut off or of another kind.</exception>
    public static RobertaTokenizer Open(string path) => new(BytePairVocabulary.Open(path, Name, "", [Start, End], json =>
    {
        json.Require("pre_tokenizer.type", "ByteLevel", Name);
        json.Require("pre_tokenizer.add_prefix_space", "False", Name, mayLack: true);
    }));

    /// <summary>
    /// The ids of <see cref="Tokenizer.Encode(string)"/> with the characters that each stands for, without spaces before and behind them, as Hugging Face's fast
    /// tokenizer gives them for RoBERTa.
    /// </summary>
    public IReadOnlyList<PlacedToken> EncodePlaced(string text) =>
        [_start, .. Parts(text).SelectMany(part => _encoder.EncodePlaced(text[part]).Select(token => Trimmed(text, token, part.Start.Value))), _end];

    /// <inheritdoc/>
    public override IEnumerable<IReadOnlyList<int>> Words(string text) => Parts(text).Select(part => _encoder.Encode(text[part]));

    /// <summary>Where the words of a text are.</summary>
    private static IEnumerable<Range> Parts(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = EndOfWord(text, start);
            yield return start..end;
            start = end;
        }
    }

    /// <summary>A token of a word, in its text, without spaces.</summary>
    private static PlacedToken Trimmed(string text, PlacedToken token, int word)
    {
        ReadOnlySpan<char> all = text.AsSpan((word + token.Start)..(word + token.End));
        int end = word + token.End;
        int start = end - all.TrimStart(' ').Length;
        return new PlacedToken(token.Id, start, Math.Max(start, end - (all.Length - all.TrimEnd(' ').Length)));
    }

    /// <summary>A word has the one space before it; of more spaces the others stand alone.</summary>
    private static int EndOfWord(string text, int start)
    {
        if (WordSplitter.ContractionAt(text, start) is { } contraction)
        {
            return start + contraction.Length;
        }

        if (WordSplitter.At(text, start).Kind != WordSplitter.Kind.Space)
        {
            return WordSplitter.EndOfRun(text, start);
        }

        int end = WordSplitter.EndOfRun(text, start);
        if (end == text.Length)
        {
            return end;
        }

        // The last white space of a run goes with what follows if it is a space, else it stands alone. All of it is in the BMP.
        return end - start > 1 ? end - 1 : text[start] == ' ' ? WordSplitter.EndOfRun(text, end) : end;
    }
}
