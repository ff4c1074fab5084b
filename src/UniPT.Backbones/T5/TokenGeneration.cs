using UniPT.Torch;

namespace UniPT.Backbones.T5;

/// <summary>
/// Decodes token by token whatever gives scores of the next token: a T5 alone, or adapted features of a method beside or inside it. Greedy and beam
/// search are those of Hugging Face Transformers 4.25.
/// </summary>
public static class TokenGeneration
{
    /// <summary>The outputs of some texts, without the start and end tokens.</summary>
    /// <param name="rows">How many texts.</param>
    /// <param name="next">
    /// From all tokens so far, <c>[k·texts, n]</c> of 64-bit integers, those of one text behind each other, to the scores (logits) of the next one, <c>[k·texts, vocabulary]</c>. It is
    /// called with nothing recorded.
    /// </param>
    /// <param name="options">What was chosen.</param>
    /// <param name="device">Where the tokens are to be; null for the CPU.</param>
    public static IReadOnlyList<int[]> Run(int rows, Func<Tensor, Tensor> next, GenerationOptions options, Device? device = null)
    {
        using IDisposable unrecorded = torch.no_grad();
        return options.Beams == 1 ? Greedy(rows, next, options, device) : Beams(rows, next, options, device);
    }

    private static int[][] Greedy(int rows, Func<Tensor, Tensor> next, GenerationOptions options, Device? device)
    {
        List<int>[] outputs = [.. Enumerable.Range(0, rows).Select(_ => new List<int> { options.Start })];
        var done = new bool[rows];
        while (!done.All(row => row) && outputs[0].Count < options.MaxLength)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            long[] chosen = next(Tokens(outputs, device)).argmax(-1).ToArray<long>();
            for (int row = 0; row < rows; row++)
            {
                outputs[row].Add(done[row] ? options.Padding : (int)chosen[row]);
                done[row] |= chosen[row] == options.End;
            }
        }

        return [.. outputs.Select(output => output.Skip(1).TakeWhile(token => token != options.End).ToArray())];
    }

    private static int[][] Beams(int rows, Func<Tensor, Tensor> next, GenerationOptions options, Device? device)
    {
        BeamText[] texts = [.. Enumerable.Range(0, rows).Select(_ => new BeamText(options))];
        for (int length = 1; length < options.MaxLength && !texts.All(text => text.IsDone); length++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            Tensor scores = next(Tokens([.. texts.SelectMany(text => text.Beams)], device)).to(ScalarType.Float32).log_softmax(-1);
            Tensor sums = scores.Add(TensorData.From([.. texts.SelectMany(text => text.Scores)], rows * options.Beams, 1).to(scores.device));
            long vocabulary = scores.size(1);
            (Tensor values, Tensor indices) = sums.view(rows, -1).topk(2 * options.Beams);
            (float[] best, long[] places) = (values.ToArray<float>(), indices.ToArray<long>());
            for (int row = 0; row < rows; row++)
            {
                texts[row].Extend([.. Enumerable.Range(row * 2 * options.Beams, 2 * options.Beams).Select(i =>
                    ((int)(places[i] / vocabulary), (int)(places[i] % vocabulary), best[i]))]);
            }
        }

        return [.. texts.Select(text => text.Best())];
    }

    private static Tensor Tokens(IReadOnlyList<List<int>> outputs, Device? device) =>
        TensorData.From([.. outputs.SelectMany(output => output).Select(token => (long)token)], outputs.Count, outputs[0].Count).to(device ?? CPU);

    /// <summary>The beginnings of one text's outputs, and those that are whole.</summary>
    private sealed class BeamText
    {
        // So little that beginnings other than the first one, which are its copies at first, are never chosen while there is another.
        private const float Copy = -1e9f;
        private readonly GenerationOptions _options;
        private readonly List<(double Score, int[] Tokens)> _whole = [];

        public BeamText(GenerationOptions options)
        {
            _options = options;
            Beams = [.. Enumerable.Range(0, options.Beams).Select(_ => new List<int> { options.Start })];
            Scores = [0, .. Enumerable.Repeat(Copy, options.Beams - 1)];
        }

        /// <summary>All of one length.</summary>
        public IReadOnlyList<List<int>> Beams { get; private set; }

        /// <summary>The logarithms of their probabilities.</summary>
        public float[] Scores { get; private set; }

        /// <summary>Whether no better output is to come.</summary>
        public bool IsDone { get; private set; }

        /// <summary>Goes on with the likeliest tokens.</summary>
        /// <param name="candidates">Twice as many as beams, the likeliest first: the beam, its next token, and the sum of logarithms.</param>
        public void Extend(IReadOnlyList<(int Beam, int Token, float Score)> candidates)
        {
            if (IsDone)
            {
                Beams = [.. Beams.Select(beam => new List<int>(beam) { _options.Padding })];
                return;
            }

            int length = Beams[0].Count;
            var kept = new List<(List<int> Tokens, float Score)>();
            for (int rank = 0; rank < candidates.Count && kept.Count < _options.Beams; rank++)
            {
                (int beam, int token, float score) = candidates[rank];
                if (token != _options.End)
                {
                    kept.Add(([.. Beams[beam], token], score));
                }
                else if (rank < _options.Beams)
                {
                    Add(Beams[beam], score);
                }
            }

            (Beams, Scores) = ([.. kept.Select(beam => beam.Tokens)], [.. kept.Select(beam => beam.Score)]);
            IsDone = _whole.Count >= _options.Beams && (_options.EarlyStopping || _whole.Min(output => output.Score) >= Penalised(candidates[0].Score, length));
        }

        /// <summary>The best output, without the start token.</summary>
        public int[] Best()
        {
            if (!IsDone)
            {
                foreach ((List<int> beam, float score) in Beams.Zip(Scores))
                {
                    Add(beam, score);
                }
            }

            // Of equals the one that came last, as from Python's stable sort.
            return _whole.Aggregate((best, other) => other.Score >= best.Score ? other : best).Tokens[1..];
        }

        private void Add(List<int> tokens, double score)
        {
            double penalised = Penalised(score, tokens.Count);
            if (_whole.Count < _options.Beams || penalised > _whole.Min(output => output.Score))
            {
                _whole.Add((penalised, [.. tokens]));
                if (_whole.Count > _options.Beams)
                {
                    _whole.Remove(_whole.MinBy(output => output.Score));
                }
            }
        }

        private double Penalised(double score, int length) => score / Math.Pow(length, _options.LengthPenalty);
    }
}
