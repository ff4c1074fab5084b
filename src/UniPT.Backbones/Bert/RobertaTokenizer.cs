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

    private RobertaTokenizer(BytePairVocabulary vocabulary) : base(
        vocabulary.Ids.Count, vocabulary.Ids[Start], vocabulary.Ids[End], [vocabulary.Ids[End], vocabulary.Ids[End]])
    {
        _encoder = new BytePairEncoder(vocabulary, "");
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

    /// <inheritdoc/>
    public override IEnumerable<IReadOnlyList<int>> Words(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = EndOfWord(text, start);
            yield return _encoder.Encode(text[start..end]);
            start = end;
        }
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
