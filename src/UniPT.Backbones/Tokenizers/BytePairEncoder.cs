using System.Text;
using Microsoft.ML.Tokenizers;

namespace UniPT.Backbones.Tokenizers;

/// <summary>Byte-pair encoding of single words over their UTF-8 bytes (Sennrich et al., arXiv 1508.07909).</summary>
internal sealed class BytePairEncoder
{
    private readonly BpeTokenizer _merger;
    private readonly int[] _bytes;

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

        // A piece has a character for each byte.
        _bytes = new int[vocabulary.Ids.Count];
        foreach ((string piece, int id) in vocabulary.Ids)
        {
            _bytes[id] = piece.Length - (suffix.Length > 0 && piece.EndsWith(suffix, StringComparison.Ordinal) ? suffix.Length : 0);
        }
    }

    /// <summary>The ids of a word; half a surrogate pair counts as U+FFFD.</summary>
    internal IReadOnlyList<int> Encode(string word) =>
        _merger.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false);

    /// <summary>The same with the characters of the word that each piece has bytes of. The library's own places end inside characters past the BMP.</summary>
    internal IEnumerable<PlacedToken> EncodePlaced(string word)
    {
        // The character of every byte.
        var starts = new List<int>();
        var ends = new List<int>();
        for (int start = 0; start < word.Length;)
        {
            bool whole = Rune.TryGetRuneAt(word, start, out Rune rune);
            Rune read = whole ? rune : Rune.ReplacementChar;
            int end = start + (whole ? rune.Utf16SequenceLength : 1);
            starts.AddRange(Enumerable.Repeat(start, read.Utf8SequenceLength));
            ends.AddRange(Enumerable.Repeat(end, read.Utf8SequenceLength));
            start = end;
        }

        int first = 0;
        foreach (int id in Encode(word))
        {
            int last = first + _bytes[id] - 1;
            yield return new PlacedToken(id, starts[first], ends[last]);
            first = last + 1;
        }
    }
}
