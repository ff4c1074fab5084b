using System.Text;
using UniPT.Backbones.Tokenizers;
using UniPT.Backbones.Unicode;

namespace UniPT.Backbones.UseLite;

/// <summary>
/// The SentencePiece tokenizer of Universal Sentence Encoder Lite; gives the ids that the npm package
/// <c>universal-sentence-encoder</c> 1.3.3 gives. Safe to use from several threads.
/// </summary>
public sealed class UseLiteTokenizer : Tokenizer
{
    private const char WordStart = '\u2581';
    private const int Unknown = 0;

    private readonly UseLiteVocabulary _vocabulary;

    private UseLiteTokenizer(UseLiteVocabulary vocabulary) : base(vocabulary.Size) => _vocabulary = vocabulary;

    /// <summary>Reads a JSON array of <c>[piece, log-probability or null]</c>; the id is the position.</summary>
    /// <exception cref="UserException">The file is missing, is not such an array or is too large.</exception>
    public static UseLiteTokenizer Open(string vocabularyPath) => new(UseLiteVocabulary.Open(vocabularyPath));

    /// <summary>
    /// There is no start or end token; 0 stands for a run of unknown characters. The text is normalised to NFKC, its case stays.
    /// Empty text has no tokens.
    /// </summary>
    public override IEnumerable<IReadOnlyList<int>> Words(string text)
    {
        string normal = NormalForm.Of(text, NormalizationForm.FormKC);
        if (normal.Length == 0)
        {
            return [];
        }

        int[] codes = CodePoints.Of(WordStart + normal.Replace(' ', WordStart));
        return [Backtrack(FindBest(codes))];
    }

    /// <summary>The id of the last piece of the best segmentation up to each position, 0 … n.</summary>
    private int[] FindBest(int[] codes)
    {
        var best = new double[codes.Length + 1];
        var last = new int[codes.Length + 1];
        for (int start = 0; start < codes.Length; start++)
        {
            int node = UseLiteVocabulary.Root;
            bool found = false;
            for (int end = start; end < codes.Length && _vocabulary.TryStep(ref node, codes[end]); end++)
            {
                if (_vocabulary.PieceAt(node) is { } id)
                {
                    found = true;
                    Offer(start, end + 1, id, _vocabulary.Score(id));
                }
            }

            if (!found)
            {
                Offer(start, start + 1, Unknown, 0);
            }
        }

        return last;

        // The original takes a best score of 0 for "none yet" and lets the later of equal scores win.
        void Offer(int start, int end, int id, double score)
        {
            double sum = best[start] + score;
            if (best[end] == 0 || sum >= best[end])
            {
                best[end] = sum;
                last[end] = id;
            }
        }
    }

    private int[] Backtrack(int[] last)
    {
        var ids = new List<int>();
        for (int position = last.Length - 1; position > 0;)
        {
            int id = last[position];
            if (id != Unknown || ids.Count == 0 || ids[^1] != Unknown)
            {
                ids.Add(id);
            }

            position -= id == Unknown ? 1 : _vocabulary.Length(id);
        }

        ids.Reverse();
        return [.. ids];
    }
}
