using UniPT.Backbones.Tokenizers;
using UniPT.Torch.Randomness;

namespace UniPT.Tasks.Shared.Inputs;

/// <summary>
/// Varies the words of training texts as VSE∞ does: of those that are drawn, one half become mask tokens, a tenth random ids, piece by piece, and the rest is
/// left out. A function of seed, epoch and text.
/// </summary>
internal sealed class WordDrop(Tokenizer tokenizer, double chance, long seed)
{
    private const long Stream = 1L << 41;
    private const double Masked = 0.5;
    private const double Random = 0.6;

    /// <summary>The pieces of a text in an epoch; there may be none.</summary>
    /// <param name="text">All of it.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">Which text of the split it is.</param>
    internal IReadOnlyList<int> Apply(string text, int epoch, int index)
    {
        var random = new CounterRandom(seed, epoch, Stream + index);
        var pieces = new List<int>();
        foreach (IReadOnlyList<int> word in tokenizer.Words(text))
        {
            double fate = random.NextDouble() / chance;
            foreach (int piece in word)
            {
                if (fate < Masked)
                {
                    pieces.Add(tokenizer.Mask!.Value);
                }
                else if (fate < Random)
                {
                    pieces.Add(random.Next(tokenizer.VocabularySize));
                }
                else if (fate >= 1)
                {
                    pieces.Add(piece);
                }
            }
        }

        return pieces;
    }
}
