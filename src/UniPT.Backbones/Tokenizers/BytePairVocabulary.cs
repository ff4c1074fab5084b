using System.Text.Json;

namespace UniPT.Backbones.Tokenizers;

/// <summary>The pieces of byte-pair encoding over bytes, and the merges that make them.</summary>
/// <param name="Path">Where it was read from.</param>
/// <param name="Ids">The id of every piece.</param>
/// <param name="Merges">Pairs <c>left right</c>, best first.</param>
internal sealed record BytePairVocabulary(string Path, IReadOnlyDictionary<string, int> Ids, IReadOnlyList<string> Merges)
{
    /// <summary>Pieces that no merge makes, such as special tokens.</summary>
    private const int MaxUnmerged = 100;

    /// <summary>
    /// Opens <c>tokenizer.json</c>, <c>vocab.json</c> with <c>merges.txt</c> beside it (either is named), or a folder with them.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="backbone">Whose it should be, for messages.</param>
    /// <param name="suffix">What marks the end of a word in it; empty for nothing.</param>
    /// <param name="specials">The special tokens that it must have.</param>
    /// <param name="check">Looks at the settings of a <c>tokenizer.json</c>.</param>
    /// <exception cref="UserException">It is missing, broken, cut off or of another kind.</exception>
    internal static BytePairVocabulary Open(string path, string backbone, string suffix, string[] specials, Action<TokenizerJson>? check = null)
    {
        string file = VocabularyFile.Find(path, backbone, VocabularyFile.TokenizerJson, VocabularyFile.PieceIds);
        if (System.IO.Path.GetFileName(file) == VocabularyFile.Merges)
        {
            file = Beside(file, VocabularyFile.PieceIds);
        }

        using JsonDocument document = VocabularyFile.ReadObject(file);
        if (TokenizerJson.Is(document.RootElement))
        {
            TokenizerJson json = TokenizerJson.Open(document.RootElement, file, "BPE", backbone);
            json.Require("model.end_of_word_suffix", suffix, backbone, mayLack: suffix.Length == 0);
            check?.Invoke(json);
            return Of(file, json.Ids(), json.Merges(), suffix, specials, backbone);
        }

        Dictionary<string, int> ids = VocabularyFile.Ids(document.RootElement, file);
        return Of(file, ids, MergesOf(VocabularyFile.ReadLines(Beside(file, VocabularyFile.Merges))), suffix, specials, backbone);
    }

    /// <summary>Pieces and merges that fit each other.</summary>
    /// <exception cref="UserException">They do not.</exception>
    internal static BytePairVocabulary Of(string path, IReadOnlyDictionary<string, int> ids, string[] merges, string suffix, string[] specials, string backbone)
    {
        var vocabulary = new BytePairVocabulary(path, ids, merges);
        vocabulary.Require(suffix, specials, backbone);
        return vocabulary;
    }

    /// <summary>The lines of <c>merges.txt</c> without the one that tells the version.</summary>
    internal static string[] MergesOf(string[] lines) => lines is [var first, ..] && first.Contains("#version:", StringComparison.Ordinal) ? lines[1..] : lines;

    private static string Beside(string file, string name) => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file) ?? "", name);

    private void Require(string suffix, string[] specials, string backbone)
    {
        foreach (string piece in specials.Concat(ByteAlphabet.Symbols).Concat(ByteAlphabet.Symbols.Select(symbol => symbol + suffix)))
        {
            VocabularyFile.Special(Ids, piece, Path, backbone);
        }

        for (int i = 0; i < Merges.Count; i++)
        {
            string[] parts = Merges[i].Split(' ');
            if (parts.Length != 2 || !parts.All(Ids.ContainsKey) || !Ids.ContainsKey(parts[0] + parts[1]))
            {
                throw new UserException(
                    $"Merge {i + 1} of the vocabulary {Path} must be two of its pieces that make a third, found {(Merges[i].Length <= 60 ? Merges[i] : $"{Merges[i][..60]}…")}.");
            }
        }

        int unmerged = Ids.Count - Merges.Count - (suffix.Length == 0 ? 256 : 512);
        if (unmerged > MaxUnmerged)
        {
            throw new UserException(
                $"The vocabulary {Path} has {Ids.Count} pieces, but only {Merges.Count} merges; these are cut off or another vocabulary's.");
        }
    }
}
