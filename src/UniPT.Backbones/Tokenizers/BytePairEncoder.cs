using Microsoft.ML.Tokenizers;

namespace UniPT.Backbones.Tokenizers;

/// <summary>Byte-pair encoding of single words over their UTF-8 bytes (Sennrich et al., arXiv 1508.07909).</summary>
internal sealed class BytePairEncoder
{
    private readonly BpeTokenizer _merger;

    /// <param name="vocabulary">The pieces; all bytes are among them.</param>
    /// <param name="suffix">What marks the end of a word in it; empty for nothing.</param>
    internal BytePairEncoder(BytePairVocabulary vocabulary, string suffix)
    {
        _merger = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids)
        {
            Merges = vocabulary.Merges,
            ByteLevel = true,
            EndOfWordSuffix = suffix.Length > 0 ? suffix : null,
        });
    }

    /// <summary>The ids of a word; half a surrogate pair counts as U+FFFD.</summary>
    internal IReadOnlyList<int> Encode(string word) =>
        _merger.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false);
}
