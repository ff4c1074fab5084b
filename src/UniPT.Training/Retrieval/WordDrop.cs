using UniPT.Tasks.Randomness;

namespace UniPT.Training.Retrieval;

/// <summary>
/// Leaves words out of training captions: a function of seed, epoch and caption. (VSE∞ replaces some of them by BERT's mask token or a
/// random one instead; a vocabulary without a mask has only this.)
/// </summary>
internal sealed class WordDrop(double chance, long seed)
{
    private const long Stream = 1L << 41;

    /// <summary>The caption of an epoch; never empty.</summary>
    /// <param name="caption">All of it.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">Which caption of the split it is.</param>
    internal string Apply(string caption, int epoch, int index)
    {
        var random = new CounterRandom(seed, epoch, Stream + index);
        string[] words = caption.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int kept = random.Next(words.Length);
        return string.Join(' ', words.Where((_, i) => random.NextDouble() >= chance || i == kept));
    }
}
